#include "h3http/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "h3http/arena.hpp"
#include "http/short_text.hpp"
#include "http/utf8.hpp"

namespace h3 {

namespace {

constexpr std::size_t kMaxNumberBytes = 32;  // "-2.2250738585072014e-308" has 24.
constexpr std::size_t kMaxEscapeBytes = 6;   // "\u001f"

// For each byte: 0 copy; 1 not ASCII; 'u' a \u00XX escape; else the letter after the backslash.
constexpr char kNotAscii = 1;
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  for (std::size_t i = 0x80; i < 256; ++i) table[i] = kNotAscii;
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

char escapeOf(char c) noexcept { return kEscapes[static_cast<unsigned char>(c)]; }

std::uint64_t load(const char* bytes) noexcept {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Whether none of eight bytes needs escaping.
bool isPlain(std::uint64_t word) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  // A byte's high bit in the sum is set when it is below 0x20, zero (a match), or not ASCII; a borrow can
  // only come from such a byte, so it cannot make a clean word look dirty.
  return (((word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes) | word) & kHighBits) == 0;
}

// The same for a short text: two overlapping halves of a word.
bool isPlain4To7(std::string_view text) noexcept {
  std::uint32_t first;
  std::uint32_t last;
  std::memcpy(&first, text.data(), sizeof first);
  std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
  return isPlain(std::uint64_t{first} << 32 | last);
}

// How many bytes at the start need no escaping; eight at a time.
std::size_t plainBytes(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i + 8 <= text.size() && isPlain(load(text.data() + i))) i += 8;
  if (i + 8 > text.size()) {  // the last eight again, seen in part already
    if (text.size() >= 8 && isPlain(load(text.data() + text.size() - 8))) return text.size();
    if (text.size() >= 4 && text.size() < 8 && isPlain4To7(text)) return text.size();
  }
  while (i < text.size() && escapeOf(text[i]) == 0) ++i;
  return i;
}

}  // namespace

JsonWriter::JsonWriter(Arena& arena, std::size_t expectedBytes)
    : arena_(arena),
      begin_(arena.allocateChars(std::max<std::size_t>(expectedBytes, kMaxNumberBytes)).data()),
      capacity_(std::max<std::size_t>(expectedBytes, kMaxNumberBytes)) {}

JsonWriter::~JsonWriter() { arena_.extendLast(begin_, capacity_, size_); }

JsonWriter& JsonWriter::beginObject() {
  open('{', true);
  return *this;
}

JsonWriter& JsonWriter::endObject() {
  close('}', true);
  return *this;
}

JsonWriter& JsonWriter::beginArray() {
  open('[', false);
  return *this;
}

JsonWriter& JsonWriter::endArray() {
  close(']', false);
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(inObject() && !afterKey_ && "a key belongs into an object, and before a value");
  reserve(1);
  if (needsComma_) put(',');
  quoted(name);
  reserve(1);
  put(':');
  afterKey_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  beforeValue();
  quoted(text);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  beforeValue();
  append(flag ? "true" : "false");
  return *this;
}

JsonWriter& JsonWriter::value(std::nullptr_t) {
  beforeValue();
  append("null");
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return value(nullptr);
  beforeValue();
  reserve(kMaxNumberBytes);
  size_ = static_cast<std::size_t>(std::to_chars(begin_ + size_, begin_ + capacity_, number).ptr - begin_);
  return *this;
}

JsonWriter& JsonWriter::signedValue(std::int64_t number) {
  beforeValue();
  reserve(kMaxNumberBytes);
  size_ = static_cast<std::size_t>(std::to_chars(begin_ + size_, begin_ + capacity_, number).ptr - begin_);
  return *this;
}

JsonWriter& JsonWriter::unsignedValue(std::uint64_t number) {
  beforeValue();
  reserve(kMaxNumberBytes);
  size_ = static_cast<std::size_t>(std::to_chars(begin_ + size_, begin_ + capacity_, number).ptr - begin_);
  return *this;
}

void JsonWriter::open(char bracket, bool isObject) {
  if (depth_ == kMaxDepth) throw std::length_error("JSON nested deeper than 64 levels");
  beforeValue();
  reserve(1);
  put(bracket);
  const std::uint64_t bit = std::uint64_t{1} << depth_++;
  objectBits_ = isObject ? objectBits_ | bit : objectBits_ & ~bit;
  needsComma_ = false;
}

void JsonWriter::close(char bracket, [[maybe_unused]] bool isObject) {
  assert(depth_ > 0 && inObject() == isObject && !afterKey_ &&
         "an end without its begin, or a key without a value");
  reserve(1);
  put(bracket);
  --depth_;
  needsComma_ = true;
}

void JsonWriter::beforeValue() {
  assert((inObject() ? afterKey_ : depth_ > 0 || size_ == 0) && "a value without a key, or a second root");
  reserve(1);
  if (needsComma_ && !afterKey_) put(',');
  needsComma_ = true;
  afterKey_ = false;
}

void JsonWriter::quoted(std::string_view text) {
  const std::size_t plain = plainBytes(text);
  reserve(plain + 2);
  put('"');
  copyText(begin_ + size_, text.substr(0, plain));
  size_ += plain;
  if (plain < text.size()) escaped(text.substr(plain));
  reserve(1);
  put('"');
}

void JsonWriter::escaped(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  while (!text.empty()) {
    const char escape = escapeOf(text.front());
    std::size_t taken = 1;
    if (escape == 0) {
      taken = plainBytes(text);
      append(text.substr(0, taken));
    } else if (escape == kNotAscii) {
      taken = utf8CharacterBytes(text);
      append(taken > 0 ? text.substr(0, taken) : kReplacement);
      if (taken == 0) taken = utf8InvalidBytes(text);
    } else {
      putEscape(text.front(), escape);
    }
    text.remove_prefix(taken);
  }
}

void JsonWriter::putEscape(char c, char escape) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  reserve(kMaxEscapeBytes);
  put('\\');
  put(escape);
  if (escape != 'u') return;
  put('0');
  put('0');
  put(kHexDigits[static_cast<std::size_t>(c) >> 4]);
  put(kHexDigits[static_cast<std::size_t>(c) & 15]);
}

void JsonWriter::append(std::string_view bytes) {
  reserve(bytes.size());
  std::memcpy(begin_ + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void JsonWriter::grow(std::size_t moreBytes) {
  const std::size_t capacity = std::max(2 * capacity_, size_ + moreBytes);
  if (!arena_.extendLast(begin_, capacity_, capacity)) {
    char* const moved = arena_.allocateChars(capacity).data();
    std::memcpy(moved, begin_, size_);
    begin_ = moved;
  }
  capacity_ = capacity;
}

bool JsonWriter::inObject() const noexcept { return depth_ > 0 && (objectBits_ >> (depth_ - 1) & 1) != 0; }

}  // namespace h3
