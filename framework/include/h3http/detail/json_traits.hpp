// JsonTraits: how a JSON value becomes a value of a type, under a rule. The scalars.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "h3http/detail/json_reader.hpp"
#include "h3http/detail/value_traits.hpp"
#include "h3http/invalid_values.hpp"

namespace h3 {

class Arena;

/// How a JSON value becomes a T; specialised for
///
///     bool, integers, float, double, enums    the rules of ValueSource (typed_values.hpp)
///     std::string, std::string_view           TextRule; a view is valid as long as the event
///     std::vector<T>, std::span<const T>      ListRule; of a span in the arena, T trivially destructible
///     std::optional<T>                        none for null, and when the member is missing
///     structs with fields()                   see field()
///
/// schema(rule) is its JSON Schema, as text.
template <class T>
struct JsonTraits;

namespace detail {

/// What a read of a document shares.
struct JsonRead {
  JsonReader& reader;
  ValueFailures& failures;
  Arena& arena;
  bool refuseUnknown;

  /// Skips the value, which is not what `expected` says.
  void refuse(const JsonPath& path, std::string expected) {
    const std::string_view found = reader.describeAndSkip();
    failures.add(ValuePlace::body, path.pointer(), found, std::move(expected));
  }
};

// For types whose JSON is one scalar that ValueTraits reads.
template <class T, JsonReader::Kind... kKinds>
struct JsonScalarTraits {
  using Rule = typename ValueTraits<T>::Rule;

  static void read(JsonRead& read, const JsonPath& path, const Rule& rule, T& value) {
    const JsonReader::Kind kind = read.reader.kind();
    if (!((kind == kKinds) || ...)) return read.refuse(path, ValueTraits<T>::expected(rule));
    if (ValueTraits<T>::parse(read.reader.readScalar(), rule, value)) return;
    read.failures.add(ValuePlace::body, path.pointer(), read.reader.asWritten(),
                      ValueTraits<T>::expected(rule));
  }
  static bool useFallback(const Rule& rule, T& value) {
    if (rule.fallback) value = *rule.fallback;
    return rule.fallback.has_value();
  }
  static std::string expected(const Rule& rule) { return ValueTraits<T>::expected(rule); }
  static std::string schema(const Rule& rule) {
    if constexpr (requires { ValueTraits<T>::schema(rule); }) {
      return ValueTraits<T>::schema(rule);
    } else {
      return "{}";
    }
  }
};

}  // namespace detail

template <class T>
requires detail::Number<T>
struct JsonTraits<T> : detail::JsonScalarTraits<T, detail::JsonReader::Kind::number> {
};

template <class T>
requires std::is_enum_v<T>
struct JsonTraits<T> : detail::JsonScalarTraits<T, detail::JsonReader::Kind::string> {
};

template <>
struct JsonTraits<std::string_view>
    : detail::JsonScalarTraits<std::string_view, detail::JsonReader::Kind::string> {};

template <>
struct JsonTraits<bool> : detail::JsonScalarTraits<bool, detail::JsonReader::Kind::boolean> {};

template <>
struct JsonTraits<std::string> {
  using Rule = TextRule;

  static void read(detail::JsonRead& read, const detail::JsonPath& path, const Rule& rule,
                   std::string& value) {
    std::string_view text;
    JsonTraits<std::string_view>::read(read, path, rule, text);
    value = text;
  }
  static bool useFallback(const Rule& rule, std::string& value) {
    if (rule.fallback) value = *rule.fallback;
    return rule.fallback.has_value();
  }
  static std::string expected(const Rule& rule) { return detail::describeText(rule); }
  static std::string schema(const Rule& rule) { return detail::textSchema(rule); }
};

template <class T>
struct JsonTraits<std::optional<T>> {
  using Rule = typename JsonTraits<T>::Rule;

  static void read(detail::JsonRead& read, const detail::JsonPath& path, const Rule& rule,
                   std::optional<T>& value) {
    if (read.reader.kind() == detail::JsonReader::Kind::null) {
      value.reset();
      return read.reader.readNull();
    }
    JsonTraits<T>::read(read, path, rule, value.emplace());
  }
  static bool useFallback(const Rule& rule, std::optional<T>& value) {
    if constexpr (requires { rule.fallback; }) {
      if (rule.fallback) value = T(*rule.fallback);
    }
    return true;
  }
  static std::string expected(const Rule& rule) { return JsonTraits<T>::expected(rule); }
  static std::string schema(const Rule& rule) {
    return R"({"anyOf":[)" + JsonTraits<T>::schema(rule) + R"(,{"type":"null"}]})";
  }
};

}  // namespace h3
