#include "h3http/typed_values.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "h3http/detail/route_pattern.hpp"
#include "h3http/forms.hpp"
#include "http/utf8.hpp"

namespace h3 {
namespace {

// At compile time the pattern was checked, or when its route was registered.
std::string namesOf(std::string_view pattern) {
  std::string names;
  const RoutePattern parsed(pattern);
  for (const PatternSegment& segment : parsed.segments()) {
    if (segment.kind == PatternSegment::Kind::literal || segment.text.empty()) continue;
    names.append(names.empty() ? "" : ", ").append(segment.text);
  }
  return names;
}

bool hasParam(std::string_view pattern, std::string_view name) {
  const RoutePattern parsed(pattern);
  for (const PatternSegment& segment : parsed.segments())
    if (segment.kind != PatternSegment::Kind::literal && !name.empty() && segment.text == name) return true;
  return false;
}

std::string describeUnknownParam(std::string_view pattern, std::string_view name) {
  std::string text = "path parameter \"" + std::string(name) + "\": ";
  if (pattern.empty()) return text.append("the request has no route, so it has no parameters");
  text.append("route \"").append(pattern).append("\" has ");
  const std::string names = namesOf(pattern);
  return names.empty() ? text.append("none") : text.append("only: ").append(names);
}

template <class T>
bool parseWhole(std::string_view text, T& value) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end && !text.empty();
}

std::string numberText(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

std::string integerRange(std::string_view min, std::string_view max) {
  return std::string("an integer from ").append(min).append(" to ").append(max);
}

}  // namespace

UnknownParam::UnknownParam(std::string_view pattern, std::string_view name)
    : std::logic_error(describeUnknownParam(pattern, name)) {}

std::string_view Event::param(std::string_view name) {
  return detail::findValue(*this, ValuePlace::path, name).value_or("");
}

namespace detail {

bool parseValue(std::string_view text, std::int64_t& value) noexcept { return parseWhole(text, value); }
bool parseValue(std::string_view text, std::uint64_t& value) noexcept { return parseWhole(text, value); }

bool parseValue(std::string_view text, double& value) noexcept {
  return parseWhole(text, value) && std::isfinite(value);
}

bool parseValue(std::string_view text, bool& value) noexcept {
  value = text == "true" || text == "1" || text == "on";
  return value || text == "false" || text == "0" || text == "off";
}

bool parseValue(std::string_view text, const TextRule& rule) noexcept {
  if (text.size() < rule.minBytes || text.size() > rule.maxBytes) return false;
  while (!text.empty()) {
    const std::size_t bytes = utf8CharacterBytes(text);
    if (bytes == 0 || text.front() == '\0') return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string describeRange(std::int64_t min, std::int64_t max) {
  return integerRange(std::to_string(min), std::to_string(max));
}

std::string describeRange(std::uint64_t min, std::uint64_t max) {
  return integerRange(std::to_string(min), std::to_string(max));
}

std::string describeRange(std::optional<double> min, std::optional<double> max) {
  std::string text = "a number";
  if (min && max) return text + " from " + numberText(*min) + " to " + numberText(*max);
  if (min) return text + " of at least " + numberText(*min);
  if (max) return text + " of at most " + numberText(*max);
  return text;
}

std::string describeText(const TextRule& rule) {
  std::string text = "UTF-8 text without NUL";
  const bool isBounded = rule.maxBytes != TextRule{}.maxBytes;
  if (!isBounded && rule.minBytes == 0) return text;
  if (!isBounded) {
    text.append(" of at least ").append(std::to_string(rule.minBytes));
  } else if (rule.minBytes == 0) {
    text.append(" of at most ").append(std::to_string(rule.maxBytes));
  } else {
    text.append(" of ")
        .append(std::to_string(rule.minBytes))
        .append(" to ")
        .append(std::to_string(rule.maxBytes));
  }
  return text.append((isBounded ? rule.maxBytes : rule.minBytes) == 1 ? " byte" : " bytes");
}

void requireParam(std::string_view pattern, std::string_view name) {
  if (pattern.empty() || !hasParam(pattern, name)) throw UnknownParam(pattern, name);
}

std::optional<std::string_view> findValue(Event& event, ValuePlace place, std::string_view name) {
  switch (place) {
    case ValuePlace::query:
      return event.getQuery(name);
    case ValuePlace::header:
      return event.getHeader(name);
    case ValuePlace::path:
      if (const auto value = event.getParam(name)) return value;
      requireParam(event.routePattern(), name);
      return std::nullopt;
    case ValuePlace::form:
      return readForm(event).first(name);
    case ValuePlace::body:
      break;
  }
  return std::nullopt;
}

}  // namespace detail
}  // namespace h3
