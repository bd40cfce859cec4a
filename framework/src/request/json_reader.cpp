#include "h3http/detail/json_reader.hpp"

#include <algorithm>
#include <span>

#include "h3http/arena.hpp"
#include "http/utf8.hpp"

namespace h3::detail {
namespace {

bool isJsonDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// Of a code point that is no surrogate.
std::size_t putUtf8(unsigned code, char* out) noexcept {
  const auto continuation = [code](unsigned shift) {
    return static_cast<char>(0x80 | ((code >> shift) & 0x3F));
  };
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code >> 6));
    out[1] = continuation(0);
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code >> 12));
    out[1] = continuation(6);
    out[2] = continuation(0);
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code >> 18));
  out[1] = continuation(12);
  out[2] = continuation(6);
  out[3] = continuation(0);
  return 4;
}

}  // namespace

std::string JsonPath::pointer() const {
  if (parent == nullptr) return {};
  std::string text = parent->pointer();
  text.push_back('/');
  if (index != kNoIndex) return text.append(std::to_string(index));
  for (const char c : key) {
    if (c == '~') {
      text.append("~0");
    } else if (c == '/') {
      text.append("~1");
    } else {
      text.push_back(c);
    }
  }
  return text;
}

JsonReader::JsonReader(std::string_view text, Arena& arena, std::size_t maxDepth)
    : text_(text), arena_(arena), maxDepth_(std::min(maxDepth, kMaxDepth)) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

// The body is not shown: what is wrong may be anywhere in it.
void JsonReader::fail(std::string_view expected) const {
  ValueFailures failures;
  failures.add(ValuePlace::body, "", "byte " + std::to_string(position_),
               "valid JSON: " + std::string(expected));
  failures.throwAll();
}

void JsonReader::skipBlanks() noexcept {
  position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size());
}

bool JsonReader::take(char c) noexcept {
  if (atEnd() || text_[position_] != c) return false;
  ++position_;
  return true;
}

void JsonReader::expect(char c, std::string_view expected) {
  if (!take(c)) fail(expected);
}

void JsonReader::expectWord(std::string_view word) {
  skipBlanks();
  if (!text_.substr(position_).starts_with(word)) fail(word);
  position_ += word.size();
}

JsonReader::Kind JsonReader::kind() {
  skipBlanks();
  valueBegin_ = position_;
  switch (peek()) {
    case 'n':
      return Kind::null;
    case 't':
    case 'f':
      return Kind::boolean;
    case '"':
      return Kind::string;
    case '[':
      return Kind::array;
    case '{':
      return Kind::object;
    default:
      if (peek() == '-' || isJsonDigit(peek())) return Kind::number;
      fail("a value");
  }
}

void JsonReader::readNull() { expectWord("null"); }

bool JsonReader::readBoolean() {
  skipBlanks();
  const bool value = peek() == 't';
  expectWord(value ? "true" : "false");
  return value;
}

void JsonReader::takeDigits() {
  if (!isJsonDigit(peek())) fail("a digit");
  while (isJsonDigit(peek())) ++position_;
}

std::string_view JsonReader::readNumber() {
  skipBlanks();
  const std::size_t begin = position_;
  take('-');
  if (!take('0')) takeDigits();
  if (take('.')) takeDigits();
  if (take('e') || take('E')) {
    if (!take('-')) take('+');
    takeDigits();
  }
  return text_.substr(begin, position_ - begin);
}

void JsonReader::takeCharacter() {
  if (const auto byte = static_cast<unsigned char>(peek()); byte >= 0x20 && byte < 0x80) {
    ++position_;
    return;
  }
  const std::size_t bytes = utf8CharacterBytes(text_.substr(position_));
  if (bytes == 0) fail("UTF-8");
  if (static_cast<unsigned char>(peek()) < 0x20) fail("no control bytes in a string");
  position_ += bytes;
}

std::string_view JsonReader::readString() {
  skipBlanks();
  expect('"', "a string");
  const std::size_t begin = position_;
  while (peek() != '"') {
    if (atEnd()) fail("the end of a string");
    if (peek() == '\\') return decodeString(begin);
    takeCharacter();
  }
  return text_.substr(begin, position_++ - begin);
}

// An escape is never shorter than what it stands for: the length as written is enough, the rest goes back.
std::string_view JsonReader::decodeString(std::size_t begin) {
  std::size_t end = position_;
  while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
  if (end >= text_.size()) fail("the end of a string");
  char* const out = arena_.allocateChars(end - begin).data();
  std::size_t size = position_ - begin;
  std::copy_n(text_.data() + begin, size, out);
  while (!take('"')) {
    if (take('\\')) {
      size += takeEscape(out + size);
      continue;
    }
    const std::size_t from = position_;
    takeCharacter();
    std::copy_n(text_.data() + from, position_ - from, out + size);
    size += position_ - from;
  }
  arena_.extendLast(out, end - begin, size);
  return {out, size};
}

unsigned JsonReader::takeHex4() {
  unsigned value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = peek();
    const char lower = static_cast<char>(c | 0x20);
    if (!isJsonDigit(c) && (lower < 'a' || lower > 'f')) fail("four hex digits");
    value = value * 16 + static_cast<unsigned>(isJsonDigit(c) ? c - '0' : lower - 'a' + 10);
    ++position_;
  }
  return value;
}

std::size_t JsonReader::takeEscape(char* out) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
  if (!take('u')) {
    const std::size_t known = atEnd() ? std::string_view::npos : kEscapes.find(peek());
    if (known == std::string_view::npos) fail("an escape of JSON");
    ++position_;
    out[0] = kBytes[known];
    return 1;
  }
  const unsigned first = takeHex4();
  if (first < 0xD800 || first > 0xDFFF) return putUtf8(first, out);
  if (first > 0xDBFF || !take('\\') || !take('u')) fail("a pair of surrogates");
  const unsigned second = takeHex4();
  if (second < 0xDC00 || second > 0xDFFF) fail("a pair of surrogates");
  return putUtf8(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), out);
}

void JsonReader::open() {
  skipBlanks();
  if (depth_ == maxDepth_) fail("at most " + std::to_string(maxDepth_) + " levels of arrays and objects");
  ++depth_;
  ++position_;
}

bool JsonReader::close(char bracket) {
  skipBlanks();
  if (!take(bracket)) return false;
  --depth_;
  return true;
}

bool JsonReader::nextElement(bool isFirst) {
  if (close(']')) return false;
  if (!isFirst) expect(',', "',' or ']'");
  return true;
}

bool JsonReader::nextMember(bool isFirst, std::string_view& key) {
  if (close('}')) return false;
  if (!isFirst) expect(',', "',' or '}'");
  key = readString();
  skipBlanks();
  expect(':', "':'");
  return true;
}

void JsonReader::skip() {
  switch (kind()) {
    case Kind::null:
      return readNull();
    case Kind::boolean:
      return static_cast<void>(readBoolean());
    case Kind::number:
      return static_cast<void>(readNumber());
    case Kind::string:
      return static_cast<void>(readString());
    case Kind::array:
      open();
      for (bool isFirst = true; nextElement(isFirst); isFirst = false) skip();
      return;
    case Kind::object:
      open();
      std::string_view key;
      for (bool isFirst = true; nextMember(isFirst, key); isFirst = false) skip();
      return;
  }
}

std::string_view JsonReader::readScalar() {
  if (kind() == Kind::string) return readString();
  skip();
  return asWritten();
}

std::string_view JsonReader::describeAndSkip() {
  const Kind found = kind();
  skip();
  if (found == Kind::array) return "an array";
  return found == Kind::object ? "an object" : asWritten();
}

void JsonReader::finish() {
  skipBlanks();
  if (!atEnd()) fail("nothing after the value");
}

}  // namespace h3::detail
