// Converts structs to JSON and back by one description of their fields.
//
//   template <class A> void fields(A& a, typename A::template Ref<SelfAudit> audit) {
//     a("dropped_events", audit.eventsDropped);
//   }
//
// JsonWriter adds each named value to an object, in order; JsonReader reads each again, and refuses a missing
// field or another type by name. Unknown fields are ignored when reading, so that a report of a later minor
// version is still readable.
#pragma once

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "scenario/json_fields.hpp"

namespace leakgate {

/// Specialised per enum as an array `values` of all its values; their names come from toString().
template <class Enum>
struct AllOf;

class JsonWriter {
 public:
  using Json = nlohmann::ordered_json;
  template <class T>
  using Ref = const T&;

  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = encode(value);
  }

  /// A field that was added later and that older reports lack.
  template <class T>
  void optional(const char* name, const T& value) {
    (*this)(name, value);
  }

  /// A field that is left out when there is no value.
  template <class T>
  void optional(const char* name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }

  /// An object inside this one, whose fields `add(JsonWriter&)` names.
  template <class Add>
  void group(const char* name, Add add) {
    JsonWriter inner;
    add(inner);
    json_[name] = inner.take();
  }

  /// An address: "0x1f2c".
  void hex(const char* name, std::uint64_t value) { json_[name] = fmt::format("{:#x}", value); }

  Json take() { return std::move(json_); }

  template <class T>
  static Json encode(const T& value) {
    if constexpr (std::is_same_v<T, double>) {
      return encodeDouble(value);
    } else if constexpr (std::is_enum_v<T>) {
      return std::string(toString(value));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else {
      JsonWriter inner;
      fields(inner, value);
      return inner.take();
    }
  }

  template <class T>
  static Json encode(const std::vector<T>& values) {
    Json list = Json::array();
    for (const auto& value : values) list.push_back(encode(value));
    return list;
  }

 private:
  // A whole number is written as one: "20000", not "20000.0". Others are written so that they read back
  // unchanged.
  static Json encodeDouble(double value) {
    constexpr double kExactBelow = 9007199254740992.0;  // 2^53
    if (std::floor(value) == value && std::abs(value) < kExactBelow) return static_cast<std::int64_t>(value);
    return value;
  }

  Json json_ = Json::object();
};

class JsonReader {
 public:
  using Json = nlohmann::ordered_json;
  template <class T>
  using Ref = T&;

  JsonReader(const Json& object, const std::string& path, const std::string& fileName)
      : fields_(object, path, fileName) {}

  template <class T>
  void operator()(const char* name, T& value) {
    decode(fields_.require(name, expectedOf(value)), fields_.pathOf(name), value);
  }

  /// A field that was added later; older reports of this major version lack it.
  template <class T>
  void optional(const char* name, T& value) {
    if (fields_.find(name) != nullptr) (*this)(name, value);
  }

  template <class T>
  void optional(const char* name, std::optional<T>& value) {
    value.reset();
    if (fields_.find(name) != nullptr) (*this)(name, value.emplace());
  }

  template <class Add>
  void group(const char* name, Add add) {
    JsonReader inner(fields_.require(name, "an object"), fields_.pathOf(name), fields_.fileName());
    add(inner);
  }

  void hex(const char* name, std::uint64_t& value) {
    const std::string text = fields_.requireText(name);
    const char* end = text.data() + text.size();
    const bool prefixed = text.rfind("0x", 0) == 0;
    const auto parsed = std::from_chars(text.data() + (prefixed ? 2 : 0), end, value, 16);
    if (!prefixed || parsed.ec != std::errc() || parsed.ptr != end) {
      fields_.fail(name, text, "an address such as 0x1f2c");
    }
  }

  const std::string& fileName() const { return fields_.fileName(); }

 private:
  template <class T>
  static const char* expectedOf(const T&) {
    if constexpr (std::is_same_v<T, bool>) return "true or false";
    if constexpr (std::is_arithmetic_v<T>) return "a number";
    if constexpr (std::is_same_v<T, std::string> || std::is_enum_v<T>) return "a string";
    return "a list or an object";
  }

  [[noreturn]] void refuse(const Json& found, const std::string& path, const std::string& expected) const {
    throw InputError(fileName(), path, shown(found), expected, "was the file changed by hand? make it anew");
  }

  template <class T>
  void decode(const Json& json, const std::string& path, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) refuse(json, path, "true or false");
      value = json.get<bool>();
    } else if constexpr (std::is_same_v<T, double>) {
      if (!json.is_number()) refuse(json, path, "a number");
      value = json.get<double>();
    } else if constexpr (std::is_unsigned_v<T>) {
      value = static_cast<T>(checkedInteger(json, 0, std::numeric_limits<T>::max(), fileName(), path));
    } else if constexpr (std::is_integral_v<T>) {
      if (!json.is_number_integer()) refuse(json, path, "a whole number");
      value = static_cast<T>(json.get<std::int64_t>());
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = checkedText(json, fileName(), path);
    } else if constexpr (std::is_enum_v<T>) {
      decodeEnum(json, path, value);
    } else {
      JsonReader inner(json, path, fileName());
      fields(inner, value);
    }
  }

  template <class T>
  void decode(const Json& json, const std::string& path, std::vector<T>& values) {
    if (!json.is_array()) refuse(json, path, "a list");
    values.clear();
    for (const auto& element : json) {
      const std::string place = path + "[" + std::to_string(values.size()) + "]";
      values.emplace_back();
      decode(element, place, values.back());
    }
  }

  template <class Enum>
  void decodeEnum(const Json& json, const std::string& path, Enum& value) {
    const std::string text = checkedText(json, fileName(), path);
    std::string names;
    for (const Enum candidate : AllOf<Enum>::values) {
      if (toString(candidate) == text) {
        value = candidate;
        return;
      }
      names += (names.empty() ? "" : ", ") + std::string(toString(candidate));
    }
    refuse(json, path, "one of " + names);
  }

  JsonFields fields_;
};

}  // namespace leakgate
