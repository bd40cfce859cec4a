#include "report/plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "report/finding_text.hpp"

namespace leakgate {

namespace {

using Values = std::vector<std::optional<double>>;

constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kLetters{"_", ".", "-", "~", "=", "+", "*", "#"};

std::size_t columnOf(std::size_t index, std::size_t count, std::size_t columns) {
  return count <= columns ? index : index * columns / count;
}

// One value for each column: the mean of those that fall into it.
Values columnsOf(std::span<const std::optional<double>> values, std::size_t columns) {
  const std::size_t used = std::min(values.size(), columns);
  std::vector<double> sums(used);
  std::vector<std::size_t> counts(used);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    sums[columnOf(i, values.size(), columns)] += *values[i];
    ++counts[columnOf(i, values.size(), columns)];
  }
  Values means(used);
  for (std::size_t i = 0; i < used; ++i)
    if (counts[i] != 0) means[i] = sums[i] / static_cast<double>(counts[i]);
  return means;
}

struct Range {
  double low = 0;
  double high = 0;
};

std::optional<Range> rangeOf(const Values& values) {
  std::optional<Range> range;
  for (const auto& value : values) {
    if (!value) continue;
    if (!range) range = Range{*value, *value};
    range->low = std::min(range->low, *value);
    range->high = std::max(range->high, *value);
  }
  return range;
}

// 0 to levels - 1; the lowest when all values are equal.
std::size_t levelOf(double value, const Range& range, std::size_t levels) {
  if (range.high <= range.low) return 0;
  const double share = (value - range.low) / (range.high - range.low);
  return static_cast<std::size_t>(std::lround(share * static_cast<double>(levels - 1)));
}

std::string withoutTrailingBlanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Charset charsetOfLocale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string locale(value);
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool utf8 = locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    return utf8 ? Charset::utf8 : Charset::ascii;
  }
  return Charset::ascii;
}

std::string sparkline(std::span<const std::optional<double>> values, std::size_t columns, Charset charset) {
  const Values shown = columnsOf(values, columns);
  const auto range = rangeOf(shown);
  if (!range) return "";
  const auto& letters = charset == Charset::utf8 ? kBlocks : kLetters;
  std::string line;
  for (const auto& value : shown)
    line += value ? letters[levelOf(*value, *range, letters.size())] : std::string_view(" ");
  return line;
}

std::string plot(std::span<const std::optional<double>> values, const PlotOptions& options) {
  const auto whole = rangeOf(Values(values.begin(), values.end()));
  if (!whole) return "";
  const std::string top = asValue(whole->high, options.unit);
  const std::string bottom = asValue(whole->low, options.unit);
  const std::size_t axis = std::max(top.size(), bottom.size());
  const bool utf8 = options.charset == Charset::utf8;
  const std::string_view bar = utf8 ? "│" : "|";
  const std::string_view dot = utf8 ? "•" : "*";
  const std::size_t columns = options.columns - std::min(options.columns - 1, axis + 2);
  const Values shown = columnsOf(values, columns);
  std::string text;
  for (std::size_t row = options.rows; row-- > 0;) {
    const std::string& label = row + 1 == options.rows ? top : row == 0 ? bottom : std::string();
    std::string line = fmt::format("{:>{}} {}", label, axis, bar);
    for (const auto& value : shown)
      line += value && levelOf(*value, *whole, options.rows) == row ? dot : std::string_view(" ");
    text += withoutTrailingBlanks(line);
  }
  if (options.marks.empty()) return text;
  std::string marks(shown.size(), ' ');
  for (const std::size_t mark : options.marks) marks[columnOf(mark, values.size(), columns)] = '^';
  return text + withoutTrailingBlanks(std::string(axis + 2, ' ') + marks);
}

}  // namespace leakgate
