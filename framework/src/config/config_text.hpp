// Values of configuration fields as text: read strictly, written as JSON.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>

namespace h3 {

/// The whole text as a number, without blanks or a sign '+'; false, and `out` unchanged, if it is none or does not fit.
template <class T>
bool readNumber(std::string_view text, T& out) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return false;
  if constexpr (std::is_floating_point_v<T>)
    if (!std::isfinite(number)) return false;
  out = number;
  return true;
}

/// true, false, yes, no, on, off, 1 or 0.
bool readBoolean(std::string_view text, bool& out);
/// Permissions in octal digits, such as 0660.
bool readOctal(std::string_view text, unsigned& out);

/// In quotes, with what JSON escapes.
std::string inQuotes(std::string_view text);

}  // namespace h3
