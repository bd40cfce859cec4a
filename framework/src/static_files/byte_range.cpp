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

// One element of the list; nothing when it is malformed. No bytes: outside of the file.
std::optional<ByteRange> parseRange(std::string_view range, std::uint64_t size) {
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view lastText = range.substr(dash + 1);
  const auto last = parseNumber(lastText);
  if (!last && (!lastText.empty() || dash == 0)) return std::nullopt;
  if (dash == 0) {
    const std::uint64_t bytes = std::min(*last, size);
    return ByteRange{size - bytes, bytes};
  }
  const auto first = parseNumber(range.substr(0, dash));
  if (!first || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return ByteRange{};
  const std::uint64_t end = last && *last < size ? *last + 1 : size;
  return ByteRange{*first, end - *first};
}

bool overlapsAny(const ByteRanges& ranges, const ByteRange& range) {
  const auto parts = ranges.parts();
  return std::any_of(parts.begin(), parts.end(), [&range](const ByteRange& other) {
    return range.first < other.first + other.bytes && other.first < range.first + range.bytes;
  });
}

// Returns false when the whole file is to be sent instead.
bool addRanges(std::string_view list, std::uint64_t size, ByteRanges& ranges) {
  std::size_t elements = 0;
  bool isGood = true;
  protocol::forEachListElement(list, [&](std::string_view element) {
    if (!isGood) return;
    const auto range = parseRange(element, size);
    isGood = range && ++elements <= ByteRanges::kMaxParts && !overlapsAny(ranges, *range);
    if (isGood && range->bytes != 0) ranges.ranges[ranges.count++] = *range;
  });
  return isGood && elements != 0;
}

}  // namespace

ByteRanges parseByteRanges(std::string_view field, std::uint64_t size) {
  ByteRanges ranges;
  const bool hasUnit = equalsIgnoringCase(field.substr(0, kUnit.size()), kUnit);
  if (!hasUnit || !addRanges(field.substr(kUnit.size()), size, ranges)) {
    ranges.count = 1;
    ranges.ranges[0] = {0, size};
    return ranges;
  }
  ranges.outcome = ranges.count == 0 ? ByteRanges::Outcome::unsatisfiable : ByteRanges::Outcome::part;
  return ranges;
}

}  // namespace h3
