// ValueTraits: how a text becomes a value of a type, under a rule.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "h3http/invalid_values.hpp"

namespace h3 {

class Event;

/// A name that stands for a value of an enum; see ValueSource.
template <class E>
struct ValueName {
  std::string_view name;
  E value;
};

template <class T>
struct NumberRule {
  T min = std::numeric_limits<T>::lowest();
  T max = std::numeric_limits<T>::max();
  std::optional<T> fallback{};
};

template <class T>
struct FallbackRule {
  std::optional<T> fallback{};
};

/// Lengths in bytes, of the decoded text.
struct TextRule {
  std::size_t minBytes = 0;
  std::size_t maxBytes = std::numeric_limits<std::size_t>::max();
  std::optional<std::string_view> fallback{};
};

namespace detail {

template <class T>
concept Number = std::floating_point<T> ||
    (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
     !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>);

// These parse the whole text, and return whether it is a value of the type. They do not depend on the locale.
bool parseValue(std::string_view text, std::int64_t& value) noexcept;
bool parseValue(std::string_view text, std::uint64_t& value) noexcept;
bool parseValue(std::string_view text, double& value) noexcept;
bool parseValue(std::string_view text, bool& value) noexcept;
/// UTF-8 without NUL, of a length within the rule.
bool parseValue(std::string_view text, const TextRule& rule) noexcept;

// For messages: "an integer from 1 to 100".
std::string describeRange(std::int64_t min, std::int64_t max);
std::string describeRange(std::uint64_t min, std::uint64_t max);
/// No bound: that of the type.
std::string describeRange(std::optional<double> min, std::optional<double> max);
std::string describeText(const TextRule& rule);

// JSON Schemas, as text. "default" is the fallback's.
/// `bits`: of the type, for its format. Bounds that are the type's own are left out, but 0.
std::string integerSchema(int bits, std::optional<std::int64_t> min, std::optional<std::int64_t> max,
                          std::optional<std::int64_t> fallback);
std::string integerSchema(int bits, std::optional<std::uint64_t> min, std::optional<std::uint64_t> max,
                          std::optional<std::uint64_t> fallback);
std::string numberSchema(std::optional<double> min, std::optional<double> max,
                         std::optional<double> fallback);
std::string booleanSchema(std::optional<bool> fallback);
/// JSON Schema counts characters, a TextRule bytes: the schema allows all texts that the rule does, and a few more.
std::string textSchema(const TextRule& rule);
/// Adds a name to a list of them.
void addName(std::string& names, std::string_view name);
std::string enumSchema(const std::string& names, std::optional<std::string_view> fallback);
/// A JSON string.
std::string quoted(std::string_view text);

/// The first value of that name, decoded. Errors: UnknownParam; for a form those of readForm().
std::optional<std::string_view> findValue(Event& event, ValuePlace place, std::string_view name);
/// Errors: UnknownParam when the pattern has no such parameter.
void requireParam(std::string_view pattern, std::string_view name);

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

}  // namespace detail

/// How a text becomes a T: a Rule (an aggregate with `std::optional<T> fallback`), parse(), and expected(), which
/// completes "expected ..." in the message; schema(), a JSON Schema as text for documents, may be missing.
/// kEmptyIsValue: whether an empty text is a value, and not a missing one.
template <class T>
struct ValueTraits {
  struct Rule {};
  static_assert(
      sizeof(T) == 0,
      "values of this type cannot be read: use an integer, float, double, bool, std::string_view, an enum "
      "with valueNames(), a std::optional of one of these, or specialise h3::ValueTraits");
};

template <class T>
requires detail::Number<T>
struct ValueTraits<T> {
  using Rule = NumberRule<T>;
  using Widest = std::conditional_t<std::floating_point<T>, double,
                                    std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
  static constexpr bool kEmptyIsValue = false;

  static bool parse(std::string_view text, const Rule& rule, T& value) noexcept {
    Widest wide{};
    if (!detail::parseValue(text, wide) || wide < Widest{rule.min} || wide > Widest{rule.max}) return false;
    value = static_cast<T>(wide);
    return true;
  }
  static std::string expected(const Rule& rule) {
    if constexpr (std::floating_point<T>) {
      const bool hasMin = rule.min != std::numeric_limits<T>::lowest();
      const bool hasMax = rule.max != std::numeric_limits<T>::max();
      return detail::describeRange(hasMin ? std::optional<double>(rule.min) : std::nullopt,
                                   hasMax ? std::optional<double>(rule.max) : std::nullopt);
    } else {
      return detail::describeRange(Widest{rule.min}, Widest{rule.max});
    }
  }
  static std::string schema(const Rule& rule) {
    using Bound = std::optional<Widest>;
    const Bound min = rule.min == std::numeric_limits<T>::lowest() ? Bound() : Bound(rule.min);
    const Bound max = rule.max == std::numeric_limits<T>::max() ? Bound() : Bound(rule.max);
    const Bound fallback = rule.fallback ? Bound(*rule.fallback) : Bound();
    if constexpr (std::floating_point<T>) {
      return detail::numberSchema(min, max, fallback);
    } else {
      return detail::integerSchema(8 * int{sizeof(T)}, min, max, fallback);
    }
  }
};

template <>
struct ValueTraits<bool> {
  using Rule = FallbackRule<bool>;
  static constexpr bool kEmptyIsValue = false;

  static bool parse(std::string_view text, const Rule&, bool& value) noexcept {
    return detail::parseValue(text, value);
  }
  static std::string expected(const Rule&) { return "true or false"; }
  static std::string schema(const Rule& rule) { return detail::booleanSchema(rule.fallback); }
};

template <>
struct ValueTraits<std::string_view> {
  using Rule = TextRule;
  static constexpr bool kEmptyIsValue = true;

  static bool parse(std::string_view text, const Rule& rule, std::string_view& value) noexcept {
    value = text;
    return detail::parseValue(text, rule);
  }
  static std::string expected(const Rule& rule) { return detail::describeText(rule); }
  static std::string schema(const Rule& rule) { return detail::textSchema(rule); }
};

template <class T>
requires std::is_enum_v<T>
struct ValueTraits<T> {
  using Rule = FallbackRule<T>;
  static constexpr bool kEmptyIsValue = false;

  static bool parse(std::string_view text, const Rule&, T& value) noexcept {
    for (const ValueName<T>& known : valueNames(T{})) {
      if (known.name != text) continue;
      value = known.value;
      return true;
    }
    return false;
  }
  static std::string expected(const Rule&) {
    std::string text;
    for (const ValueName<T>& known : valueNames(T{}))
      text.append(text.empty() ? "" : ", ").append(known.name);
    return "one of: " + text;
  }
  static std::string schema(const Rule& rule) {
    std::string names;
    std::optional<std::string_view> fallback;
    for (const ValueName<T>& known : valueNames(T{})) {
      detail::addName(names, known.name);
      if (rule.fallback && *rule.fallback == known.value) fallback = known.name;
    }
    return detail::enumSchema(names, fallback);
  }
};

template <class T>
struct ValueTraits<std::optional<T>> : ValueTraits<T> {};

namespace detail {

template <class T>
T readText(std::optional<std::string_view> text, ValuePlace place, std::string_view name,
           const typename ValueTraits<T>::Rule& rule, ValueFailures& failures) {
  using Traits = ValueTraits<T>;
  const bool mayBeMissing = kIsOptional<T> || rule.fallback.has_value();
  if (!text || (mayBeMissing && !Traits::kEmptyIsValue && text->empty())) {
    if constexpr (kIsOptional<T>) {
      return rule.fallback;
    } else {
      if (rule.fallback) return *rule.fallback;
    }
  } else if constexpr (kIsOptional<T>) {
    typename T::value_type value{};
    if (Traits::parse(*text, rule, value)) return value;
  } else {
    T value{};
    if (Traits::parse(*text, rule, value)) return value;
  }
  failures.add(place, name, text, Traits::expected(rule));
  return T{};
}

}  // namespace detail
}  // namespace h3
