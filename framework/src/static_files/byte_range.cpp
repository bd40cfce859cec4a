#include "static_files/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

constexpr std::string_view kUnit = "bytes=";

// A number too large for 64 bits is beyond every file: it saturates.
std::optional<std::uint64_t> parseNumber(std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  if (error == std::errc::invalid_argument || stopped != end) return std::nullopt;
  return error == std::errc::result_out_of_range ? std::numeric_limits<std::uint64_t>::max() : number;
}

ByteRange lastBytes(std::uint64_t count, std::uint64_t size) {
  const std::uint64_t bytes = std::min(count, size);
  if (bytes == 0) return {ByteRange::Outcome::unsatisfiable, 0, 0};
  return {ByteRange::Outcome::part, size - bytes, bytes};
}

}  // namespace

ByteRange parseByteRange(std::string_view field, std::uint64_t size) {
  const ByteRange whole{ByteRange::Outcome::whole, 0, size};
  if (!equalsIgnoringCase(field.substr(0, kUnit.size()), kUnit)) return whole;
  const std::string_view range = protocol::trimBlanks(field.substr(kUnit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return whole;  // a comma is no digit, so parseNumber() refuses lists
  const std::string_view lastText = range.substr(dash + 1);
  const auto last = parseNumber(lastText);
  if (!last && !lastText.empty()) return whole;
  if (dash == 0) return last ? lastBytes(*last, size) : whole;
  const auto first = parseNumber(range.substr(0, dash));
  if (!first || (last && *last < *first)) return whole;
  if (*first >= size) return {ByteRange::Outcome::unsatisfiable, 0, 0};
  const std::uint64_t end = last && *last < size ? *last + 1 : size;
  return {ByteRange::Outcome::part, *first, end - *first};
}

}  // namespace h3
