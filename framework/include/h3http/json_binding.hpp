// JSON bodies as structs: each wrong field is named.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "h3http/detail/json_traits.hpp"
#include "h3http/event.hpp"
#include "h3http/invalid_values.hpp"
#include "h3http/route_info.hpp"

namespace h3 {

/// What readJson accepts.
struct JsonOptions {
  std::size_t maxBytes = 1024 * 1024;  ///< of the body; 413
  std::size_t maxDepth = 64;           ///< levels of arrays and objects, 1 to 256; 400
  bool refuseUnknown = false;          ///< whether members that no field has are wrong, or ignored
};

namespace detail {

/// Errors: HttpError 413 and 415. Returns the body.
std::string_view checkedJsonBody(const Event& event, const JsonOptions& options);

}  // namespace detail

/// A member of a struct that is described by fields(); made by field().
template <class T, class M>
struct StructField {
  std::string_view name;
  M T::*member;
  typename JsonTraits<M>::Rule rule;
};

/// One line of the description of a struct:
///
///     struct Note {
///       std::string title;
///       std::vector<std::string> tags;
///       std::optional<int> priority;
///       static constexpr auto fields() {
///         return std::tuple{h3::field("title", &Note::title, {.minBytes = 1, .maxBytes = 80}),
///                           h3::field("tags", &Note::tags, {.maxItems = 10, .required = false}),
///                           h3::field("priority", &Note::priority, {.min = 1, .max = 5})};
///       }
///     };
///
/// A member that is missing is wrong, unless it is a std::optional, its rule has a fallback, or `required` is false:
/// then it keeps the value that the struct gives it. A name that comes twice is wrong.
template <class T, class M>
constexpr StructField<T, M> field(std::string_view name, M T::*member,
                                  const typename JsonTraits<M>::Rule& rule = {}) {
  return {name, member, rule};
}

/// Numbers of elements, and the rule of each.
template <class T>
struct ListRule {
  std::size_t minItems = 0;
  std::size_t maxItems = 10'000;
  bool required = true;
  typename JsonTraits<T>::Rule each{};
};

struct StructRule {
  bool required = true;
};

namespace detail {

template <class T>
std::string describeList(const ListRule<T>& rule) {
  return "an array of " + std::to_string(rule.minItems) + " to " + std::to_string(rule.maxItems) +
         " elements";
}

template <class T>
std::string listSchema(const ListRule<T>& rule) {
  std::string text = R"({"type":"array")";
  if (rule.minItems != 0) text += ",\"minItems\":" + std::to_string(rule.minItems);
  text += ",\"maxItems\":" + std::to_string(rule.maxItems);
  return text += ",\"items\":" + JsonTraits<T>::schema(rule.each) + "}";
}

// Calls `readElement(path, index)` for each element within the rule.
template <class T, class Read>
void readList(JsonRead& read, const JsonPath& path, const ListRule<T>& rule, Read&& readElement) {
  if (read.reader.kind() != JsonReader::Kind::array) return read.refuse(path, describeList(rule));
  std::size_t count = 0;
  read.reader.open();
  for (; read.reader.nextElement(count == 0); ++count) {
    if (count < rule.maxItems) {
      readElement(path.at(count));
    } else {
      read.reader.skip();
    }
  }
  if (count < rule.minItems || count > rule.maxItems)
    read.failures.add(ValuePlace::body, path.pointer(), std::to_string(count) + " elements",
                      describeList(rule));
}

}  // namespace detail

template <class T>
struct JsonTraits<std::vector<T>> {
  using Rule = ListRule<T>;

  static void read(detail::JsonRead& read, const detail::JsonPath& path, const Rule& rule,
                   std::vector<T>& value) {
    value.clear();
    detail::readList(read, path, rule, [&](const detail::JsonPath& element) {
      T item{};
      JsonTraits<T>::read(read, element, rule.each, item);
      value.push_back(std::move(item));
    });
  }
  static bool useFallback(const Rule& rule, std::vector<T>&) { return !rule.required; }
  static std::string expected(const Rule& rule) { return detail::describeList(rule); }
  static std::string schema(const Rule& rule) { return detail::listSchema<T>(rule); }
};

template <class T>
struct JsonTraits<std::span<const T>> {
  static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors: use std::vector");
  using Rule = ListRule<T>;

  static void read(detail::JsonRead& read, const detail::JsonPath& path, const Rule& rule,
                   std::span<const T>& value) {
    T* items = nullptr;
    std::size_t count = 0;
    std::size_t capacity = 0;
    detail::readList(read, path, rule, [&](const detail::JsonPath& element) {
      if (count == capacity) {
        capacity = capacity == 0 ? 8 : 2 * capacity;
        void* const memory = read.arena.allocate(capacity * sizeof(T), alignof(T));
        T* const larger = static_cast<T*>(memory);
        std::uninitialized_copy_n(items, count, larger);
        items = larger;
      }
      T* const item = ::new (items + count) T{};
      ++count;
      JsonTraits<T>::read(read, element, rule.each, *item);
    });
    value = {items, count};
  }
  static bool useFallback(const Rule& rule, std::span<const T>&) { return !rule.required; }
  static std::string expected(const Rule& rule) { return detail::describeList(rule); }
  static std::string schema(const Rule& rule) { return detail::listSchema<T>(rule); }
};

template <class T>
concept StructWithFields = requires {
  std::tuple_size<decltype(T::fields())>::value;
};

template <StructWithFields T>
struct JsonTraits<T> {
  using Rule = StructRule;
  static constexpr std::size_t kCount = std::tuple_size_v<decltype(T::fields())>;

  static void read(detail::JsonRead& read, const detail::JsonPath& path, const Rule& rule, T& value) {
    if (read.reader.kind() != detail::JsonReader::Kind::object) return read.refuse(path, expected(rule));
    std::array<bool, kCount> seen{};
    std::string_view key;
    read.reader.open();
    for (bool isFirst = true; read.reader.nextMember(isFirst, key); isFirst = false) {
      if (readMember(read, path.at(key), key, value, seen, std::make_index_sequence<kCount>())) continue;
      if (read.refuseUnknown) {
        read.refuse(path.at(key), "no member of this name");
      } else {
        read.reader.skip();
      }
    }
    addMissing(read, path, value, seen, std::make_index_sequence<kCount>());
  }
  static bool useFallback(const Rule& rule, T&) { return !rule.required; }
  static std::string expected(const Rule&) { return "an object"; }
  static std::string schema(const Rule&) {
    static constexpr auto kFields = T::fields();
    std::string properties, required;
    std::apply([&](const auto&... field) { (addSchema(field, properties, required), ...); }, kFields);
    return R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required + "]}";
  }

 private:
  template <std::size_t... kIndices>
  static bool readMember(detail::JsonRead& read, const detail::JsonPath& path, std::string_view key, T& value,
                         std::array<bool, kCount>& seen, std::index_sequence<kIndices...>) {
    static constexpr auto kFields = T::fields();
    return ((std::get<kIndices>(kFields).name == key &&
             (readOne(read, path, std::get<kIndices>(kFields), value, seen[kIndices]), true)) ||
            ...);
  }

  template <class M>
  static void readOne(detail::JsonRead& read, const detail::JsonPath& path, const StructField<T, M>& field,
                      T& value, bool& seen) {
    if (std::exchange(seen, true)) return read.refuse(path, "this name only once");
    JsonTraits<M>::read(read, path, field.rule, value.*field.member);
  }

  template <class M>
  static void addSchema(const StructField<T, M>& field, std::string& properties, std::string& required) {
    detail::addName(properties, field.name);
    properties += ":" + JsonTraits<M>::schema(field.rule);
    M value{};
    if (!JsonTraits<M>::useFallback(field.rule, value)) detail::addName(required, field.name);
  }

  template <std::size_t... kIndices>
  static void addMissing(detail::JsonRead& read, const detail::JsonPath& path, T& value,
                         const std::array<bool, kCount>& seen, std::index_sequence<kIndices...>) {
    static constexpr auto kFields = T::fields();
    (addIfMissing(read, path, std::get<kIndices>(kFields), value, seen[kIndices]), ...);
  }

  template <class M>
  static void addIfMissing(detail::JsonRead& read, const detail::JsonPath& path,
                           const StructField<T, M>& field, T& value, bool seen) {
    if (seen || JsonTraits<M>::useFallback(field.rule, value.*field.member)) return;
    read.failures.add(ValuePlace::body, path.at(field.name).pointer(), std::nullopt,
                      JsonTraits<M>::expected(field.rule));
  }
};

template <class T>
concept JsonReadable = requires {
  typename JsonTraits<T>::Rule;
};

/// The JSON Schema (2020-12) of a type that readJson() reads, as text: for RouteHandle::response().
template <JsonReadable T>
std::string jsonSchema() {
  return JsonTraits<T>::schema(typename JsonTraits<T>::Rule{});
}

/// The body, described: for readValues() and withValues(), so that its failures are listed with the others.
template <JsonReadable T>
struct JsonSource {
  using Value = T;

  JsonOptions options;

  /// The value; what is wrong is added to `failures`. Errors: those of readJson() for a body that is not JSON.
  T read(Event& event, ValueFailures& failures) const {
    detail::JsonReader reader(detail::checkedJsonBody(event, options), event.arena(), options.maxDepth);
    detail::JsonRead read{reader, failures, event.arena(), options.refuseUnknown};
    T value{};
    JsonTraits<T>::read(read, detail::JsonPath{}, typename JsonTraits<T>::Rule{}, value);
    reader.finish();
    return value;
  }

  /// Adds it to what is known about a route.
  void describe(RouteInfo& info) const { info.bodySchema = jsonSchema<T>(); }
};

template <JsonReadable T>
constexpr JsonSource<T> inJson(const JsonOptions& options = {}) {
  return {options};
}

/// The body as a T, checked.
///
/// Errors: InvalidValues, a 400, with all fields that are missing or wrong, each by its JSON pointer, what was found
/// and what was expected, or with the position where the text is no JSON; HttpError 415 when the content type is not
/// JSON, 413 beyond maxBytes. Strict as RFC 8259, UTF-8 only; "1.0" and "1e2" are no integers. Allocates: what T
/// allocates (a std::string, a std::vector); nothing else on the heap. maxDepth bounds the stack that it takes.
template <JsonReadable T>
T readJson(Event& event, const JsonOptions& options = {}) {
  ValueFailures failures;
  T value = JsonSource<T>{options}.read(event, failures);
  failures.throwIfAny();
  return value;
}

}  // namespace h3
