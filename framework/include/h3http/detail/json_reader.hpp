// JsonReader: JSON text, value by value, without a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "h3http/invalid_values.hpp"

namespace h3 {

class Arena;

namespace detail {

/// Where a value stands in a document: a list of keys and indices on the stack, the innermost first.
struct JsonPath {
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

  const JsonPath* parent = nullptr;
  std::string_view key;
  std::size_t index = kNoIndex;

  JsonPath at(std::string_view name) const { return {this, name, kNoIndex}; }
  JsonPath at(std::size_t element) const { return {this, {}, element}; }
  /// Source: RFC 6901.
  std::string pointer() const;
};

/// Reads a document from its start to its end; the caller says what it expects next.
///
/// Strict: RFC 8259, UTF-8 only (a byte order mark is skipped), a bounded depth. Each function skips blanks first.
/// Lifetime: texts are views into the document, or into the arena when they have escapes. Allocates: in the arena, no
/// more bytes than the document has. Errors: InvalidValues with the position when the text is not JSON.
class JsonReader {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  static constexpr std::size_t kMaxDepth = 256;  ///< bounds the stack: values are read by recursion

  /// `maxDepth`: 1 to kMaxDepth, beyond it kMaxDepth.
  JsonReader(std::string_view text, Arena& arena, std::size_t maxDepth);

  /// Of the next value.
  Kind kind();
  void readNull();
  bool readBoolean();
  /// As written; of the grammar of JSON.
  std::string_view readNumber();
  std::string_view readString();
  /// Call once before the first element or member.
  void open();
  /// Whether there is a next element; it has to be read then. Closes the array when there is none.
  bool nextElement(bool isFirst);
  /// The same for a member, whose value has to be read then.
  bool nextMember(bool isFirst, std::string_view& key);
  void skip();
  /// The content of a string, or another scalar as written. Not for arrays and objects.
  std::string_view readScalar();
  /// For messages: a scalar as written, or "an array", "an object"; skips the value.
  std::string_view describeAndSkip();
  /// From the value whose kind() was asked last to here.
  std::string_view asWritten() const noexcept { return text_.substr(valueBegin_, position_ - valueBegin_); }
  /// Errors: as the others, when something follows.
  void finish();

 private:
  [[noreturn]] void fail(std::string_view expected) const;
  void skipBlanks() noexcept;
  bool atEnd() const noexcept { return position_ == text_.size(); }
  char peek() const noexcept { return atEnd() ? '\0' : text_[position_]; }
  bool take(char c) noexcept;
  void expect(char c, std::string_view expected);
  void expectWord(std::string_view word);
  void takeDigits();
  bool close(char bracket);
  std::string_view decodeString(std::size_t begin);
  std::size_t takeEscape(char* out);
  unsigned takeHex4();
  void takeCharacter();

  std::string_view text_;
  Arena& arena_;
  std::size_t position_ = 0;
  std::size_t valueBegin_ = 0;
  std::size_t depth_ = 0;
  std::size_t maxDepth_;
};

}  // namespace detail
}  // namespace h3
