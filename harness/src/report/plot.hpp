// Draws a series in text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leakgate {

enum class Charset { ascii, utf8 };

/// utf8 where LC_ALL, LC_CTYPE or LANG (the first that is set) names it.
Charset charsetOfLocale();

/// One line of at most `columns` characters, each as high as its value between the smallest and the largest;
/// blank without a value. More values than columns: each column is the mean of its share. "" without any
/// value.
std::string sparkline(std::span<const std::optional<double>> values, std::size_t columns, Charset charset);

/// `rows` lines with an axis that names the largest and the smallest value, and a last line with a "^" at
/// each of `marks` (indexes of values) if there are any. At most `columns` characters wide. "" without any
/// value.
struct PlotOptions {
  std::size_t columns = 80;
  std::size_t rows = 8;
  Charset charset = Charset::ascii;
  std::string unit;
  std::vector<std::size_t> marks;
};
std::string plot(std::span<const std::optional<double>> values, const PlotOptions& options);

}  // namespace leakgate
