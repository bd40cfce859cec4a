// JSON Schemas of values.
#include <charconv>

#include "h3http/arena.hpp"
#include "h3http/detail/value_traits.hpp"
#include "h3http/json_writer.hpp"

namespace h3::detail {
namespace {

template <class T>
std::string numberOf(T number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

template <class T>
std::string schemaOf(std::string text, std::optional<T> min, std::optional<T> max,
                     std::optional<T> fallback) {
  if (min) text += ",\"minimum\":" + numberOf(*min);
  if (max) text += ",\"maximum\":" + numberOf(*max);
  if (fallback) text += ",\"default\":" + numberOf(*fallback);
  return text + "}";
}

}  // namespace

std::string quoted(std::string_view text) {
  Arena arena;
  JsonWriter json(arena);
  json.value(text);
  return std::string(json.text());
}

std::string integerSchema(int bits, std::optional<std::int64_t> min, std::optional<std::int64_t> max,
                          std::optional<std::int64_t> fallback) {
  return schemaOf(R"({"type":"integer","format":"int)" + std::to_string(bits) + '"', min, max, fallback);
}

std::string integerSchema(int bits, std::optional<std::uint64_t> min, std::optional<std::uint64_t> max,
                          std::optional<std::uint64_t> fallback) {
  if (!min) min = 0;
  return schemaOf(R"({"type":"integer","format":"uint)" + std::to_string(bits) + '"', min, max, fallback);
}

std::string numberSchema(std::optional<double> min, std::optional<double> max,
                         std::optional<double> fallback) {
  return schemaOf(R"({"type":"number")", min, max, fallback);
}

std::string booleanSchema(std::optional<bool> fallback) {
  std::string text = R"({"type":"boolean")";
  if (fallback) text += *fallback ? ",\"default\":true" : ",\"default\":false";
  return text + "}";
}

// A character has one to four bytes.
std::string textSchema(const TextRule& rule) {
  constexpr std::size_t kMaxBytesOfCharacter = 4;
  std::string text = R"({"type":"string")";
  const std::size_t least = (rule.minBytes + kMaxBytesOfCharacter - 1) / kMaxBytesOfCharacter;
  if (least != 0) text += ",\"minLength\":" + std::to_string(least);
  if (rule.maxBytes != TextRule{}.maxBytes) text += ",\"maxLength\":" + std::to_string(rule.maxBytes);
  if (rule.fallback) text += ",\"default\":" + quoted(*rule.fallback);
  return text + "}";
}

void addName(std::string& names, std::string_view name) {
  if (!names.empty()) names += ",";
  names += quoted(name);
}

std::string enumSchema(const std::string& names, std::optional<std::string_view> fallback) {
  std::string text = R"({"type":"string","enum":[)" + names + "]";
  if (fallback) text += ",\"default\":" + quoted(*fallback);
  return text + "}";
}

}  // namespace h3::detail
