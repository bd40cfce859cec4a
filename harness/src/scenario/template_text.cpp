#include "scenario/template_text.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace leakgate {
namespace {

constexpr std::uint64_t kMaxFillBytes = 16U << 20;
constexpr std::uint64_t kMaxModulus = 1ULL << 63;
constexpr std::size_t kMaxDigits = 20;

std::size_t decimalDigits(std::uint64_t value) {
  std::size_t digits = 1;
  for (; value >= 10; value /= 10) ++digits;
  return digits;
}

bool parseDecimal(std::string_view text, std::uint64_t& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc::result_out_of_range) value = ~0ULL;  // beyond every range below
  return !text.empty() && result.ptr == end;
}

struct Placeholder {
  std::size_t open, close;  // of the braces
};

// The next "{...}" without a brace inside.
std::optional<Placeholder> nextPlaceholder(std::string_view text, std::size_t from) {
  for (auto open = text.find('{', from); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find_first_of("{}", open + 1);
    if (close == std::string_view::npos) return std::nullopt;
    if (text[close] == '}') return Placeholder{open, close};
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t mix64(std::uint64_t seed, std::uint64_t number) {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;
  const auto scramble = [](std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  };
  return scramble(scramble(seed + kGolden) + (number + 1) * kGolden);
}

std::optional<TextTemplate::Segment> TextTemplate::parsePlaceholder(std::string_view inner) {
  if (inner == "i") return Segment{Kind::number, 0, {}};
  if (inner == "conn") return Segment{Kind::connection, 0, {}};
  static constexpr std::pair<std::string_view, Kind> kWithArgument[] = {
      {"i:", Kind::numberModulo}, {"rand:", Kind::random}, {"fill:", Kind::fill}, {"grow:", Kind::grow}};
  for (const auto& [prefix, kind] : kWithArgument) {
    std::uint64_t argument = 0;
    if (inner.starts_with(prefix) && parseDecimal(inner.substr(prefix.size()), argument)) {
      return Segment{kind, argument, {}};
    }
  }
  return std::nullopt;
}

void TextTemplate::checkRange(const Segment& segment, std::string_view inner) {
  if (segment.kind == Kind::number || segment.kind == Kind::connection) return;
  const bool bytes = segment.kind == Kind::fill || segment.kind == Kind::grow;
  const std::uint64_t max = bytes ? kMaxFillBytes : kMaxModulus;
  if (segment.argument >= 1 && segment.argument <= max) return;
  throw std::invalid_argument("the number in {" + std::string(inner) + "} must be 1 to " +
                              std::to_string(max));
}

TextTemplate TextTemplate::compile(std::string_view text) {
  TextTemplate compiled;
  std::size_t done = 0;
  std::size_t from = 0;
  while (const auto found = nextPlaceholder(text, from)) {
    const auto [open, close] = *found;
    from = close + 1;
    const auto inner = text.substr(open + 1, close - open - 1);
    auto segment = parsePlaceholder(inner);
    if (!segment) continue;
    if (open > done && text[open - 1] == '{' && text.substr(close + 1).starts_with('}')) {
      compiled.addText(text.substr(done, open - 1 - done));
      compiled.addText(text.substr(open, close + 1 - open));
      from = done = close + 2;
      continue;
    }
    checkRange(*segment, inner);
    compiled.addText(text.substr(done, open - done));
    compiled.segments_.push_back(std::move(*segment));
    done = close + 1;
  }
  compiled.addText(text.substr(done));
  return compiled;
}

void TextTemplate::addText(std::string_view text) {
  if (text.empty()) return;
  if (segments_.empty() || segments_.back().kind != Kind::text) segments_.push_back({});
  segments_.back().text += text;
}

std::uint64_t TextTemplate::valueOf(const Segment& segment, const TemplateValues& values) {
  switch (segment.kind) {
    case Kind::number:
      return values.number;
    case Kind::connection:
      return values.connection;
    case Kind::numberModulo:
    case Kind::grow:
      return values.number % segment.argument;
    case Kind::random:
      return mix64(values.seed ^ segment.argument, values.number) % segment.argument;
    case Kind::fill:
      return segment.argument;
    case Kind::text:
      break;
  }
  return 0;
}

void TextTemplate::append(const TemplateValues& values, std::string& out) const {
  for (const Segment& segment : segments_) {
    if (segment.kind == Kind::text) {
      out += segment.text;
      continue;
    }
    const std::uint64_t value = valueOf(segment, values);
    if (segment.kind == Kind::fill || segment.kind == Kind::grow) {
      out.append(value, 'x');
    } else {
      char digits[kMaxDigits];
      out.append(digits, std::to_chars(digits, digits + kMaxDigits, value).ptr);
    }
  }
}

std::size_t TextTemplate::size(const TemplateValues& values) const {
  std::size_t bytes = 0;
  for (const Segment& segment : segments_) {
    const bool filling = segment.kind == Kind::fill || segment.kind == Kind::grow;
    if (segment.kind == Kind::text)
      bytes += segment.text.size();
    else
      bytes += filling ? valueOf(segment, values) : decimalDigits(valueOf(segment, values));
  }
  return bytes;
}

std::size_t TextTemplate::maxSize() const {
  std::size_t bytes = 0;
  for (const Segment& segment : segments_) {
    const bool filling = segment.kind == Kind::fill || segment.kind == Kind::grow;
    if (segment.kind == Kind::text)
      bytes += segment.text.size();
    else
      bytes += filling ? segment.argument : kMaxDigits;
  }
  return bytes;
}

std::string escapeTemplate(std::string_view text) {
  std::string escaped;
  std::size_t done = 0;
  std::size_t from = 0;
  while (const auto found = nextPlaceholder(text, from)) {
    from = found->close + 1;
    if (!TextTemplate::isPlaceholder(text.substr(found->open + 1, found->close - found->open - 1))) continue;
    escaped += text.substr(done, found->open - done);
    escaped += '{';
    escaped += text.substr(found->open, from - found->open);
    escaped += '}';
    done = from;
  }
  escaped += text.substr(done);
  return escaped;
}

}  // namespace leakgate
