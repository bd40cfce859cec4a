#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace h3 {

class Arena;

/// Writes JSON text straight into an arena.
///
///     JsonWriter json(arena);
///     json.beginObject().key("message").value("Hello").endObject();
///     send(json.text());
///
/// Strings are escaped; bytes that are not UTF-8 become U+FFFD; NaN and infinities become null; keys are not
/// checked for duplicates. Lifetime: text() is valid until the arena's reset(), even after the writer's end.
/// Allocates: only in the arena; the text grows in place as long as nothing else is allocated there. Errors:
/// std::bad_alloc at the arena's limit; std::length_error beyond kMaxDepth. Wrong nesting (a value without a
/// key, an end without a start) is a programmer error: assert. Source: RFC 8259.
class JsonWriter {
 public:
  static constexpr std::size_t kMaxDepth = 64;

  explicit JsonWriter(Arena& arena, std::size_t expectedBytes = 256);
  /// Returns unused space to the arena.
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& beginObject();
  JsonWriter& endObject();
  JsonWriter& beginArray();
  JsonWriter& endArray();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(double number);
  JsonWriter& value(std::nullptr_t);
  template <std::signed_integral T>
  JsonWriter& value(T number) {
    return signedValue(number);
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) { return unsignedValue(number); }

  /// key(name).value(v).
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  /// The text so far; complete when every container is closed.
  std::string_view text() const noexcept { return {begin_, size_}; }

 private:
  JsonWriter& signedValue(std::int64_t number);
  JsonWriter& unsignedValue(std::uint64_t number);
  void open(char bracket, bool isObject);
  void close(char bracket, bool isObject);
  void beforeValue();
  void quoted(std::string_view text);
  void escaped(std::string_view text);
  void putEscape(char c, char escape);
  void append(std::string_view bytes);
  void put(char c) noexcept { begin_[size_++] = c; }
  void reserve(std::size_t moreBytes) {
    if (moreBytes > capacity_ - size_) grow(moreBytes);
  }
  void grow(std::size_t moreBytes);
  bool inObject() const noexcept;

  Arena& arena_;
  char* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::uint64_t objectBits_ = 0;  ///< Bit d: the container at depth d + 1 is an object.
  std::size_t depth_ = 0;
  bool needsComma_ = false;  ///< A value was written before, in this container.
  bool afterKey_ = false;
};

}  // namespace h3
