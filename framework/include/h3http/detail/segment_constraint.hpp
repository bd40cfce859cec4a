#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "h3http/error.hpp"

namespace h3 {

/// What a constrained parameter such as ":id(\d{1,9})" accepts: all of the segment must match.
///
///     literal bytes    abc   \.  \-          (a backslash before any punctuation)
///     classes          \d  \w  [a-f0-9_]  [^x]
///     quantifiers      ?  *  +  {3}  {2,4}  {2,}
///
/// No groups, alternatives, anchors or '.'. Clients choose the input, so matching takes linear time: the
/// expression is unrolled to at most kMaxPositions places, and one 64-bit word is the set of places that may
/// come next. Threads: immutable.
class SegmentConstraint {
 public:
  static constexpr std::size_t kMaxPositions = 63;

  /// `begin` and `length`: position of the expression in `pattern`. Errors: RoutePatternError.
  constexpr SegmentConstraint(std::string_view pattern, std::size_t begin, std::size_t length);

  bool matches(std::string_view segment) const noexcept;

 private:
  class ByteSet;
  class Parser;
  static constexpr std::uint64_t bitOf(std::size_t place) noexcept { return std::uint64_t{1} << place; }

  std::array<std::uint64_t, 256> accepts_{};  ///< For each byte, the places that take it.
  std::array<std::uint64_t, kMaxPositions + 1>
      reach_{};              ///< A place and those reached from it by skipping optional ones.
  std::uint64_t loops_ = 0;  ///< Places that may match again.
  std::uint64_t optional_ = 0;
  std::size_t positions_ = 0;
};

/// A set of bytes. std::bitset cannot be used at compile time before C++23.
class SegmentConstraint::ByteSet {
 public:
  static constexpr ByteSet digits() {
    ByteSet set;
    set.addRange('0', '9');
    return set;
  }
  static constexpr ByteSet wordBytes() {
    ByteSet set = digits();
    set.addRange('a', 'z');
    set.addRange('A', 'Z');
    set.add('_');
    return set;
  }

  constexpr void add(char c) {
    const auto byte = static_cast<unsigned char>(c);
    words_[byte / 64] |= bitOf(byte % 64);
  }
  constexpr void addRange(unsigned char first, unsigned char last) {
    for (unsigned c = first; c <= last; ++c) add(static_cast<char>(c));
  }
  constexpr void add(const ByteSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  constexpr ByteSet complement() const {
    ByteSet set;
    for (std::size_t i = 0; i < words_.size(); ++i) set.words_[i] = ~words_[i];
    return set;
  }
  constexpr bool contains(unsigned char c) const { return (words_[c / 64] & bitOf(c % 64)) != 0; }
  constexpr bool empty() const { return *this == ByteSet(); }
  friend constexpr bool operator==(const ByteSet&, const ByteSet&) = default;

 private:
  std::array<std::uint64_t, 4> words_{};
};

/// Reads the expression from left to right and unrolls it into the constraint's places.
class SegmentConstraint::Parser {
 public:
  constexpr Parser(SegmentConstraint& constraint, std::string_view pattern, std::size_t begin,
                   std::size_t length)
      : constraint_(constraint), pattern_(pattern), position_(begin), end_(begin + length) {}

  constexpr void parse() {
    if (position_ == end_) fail("an empty constraint accepts nothing; drop the parentheses");
    while (position_ < end_) {
      const ByteSet atom = parseAtom();
      const Repeat repeat = parseRepeat();
      unroll(atom, repeat);
    }
  }

 private:
  struct Repeat {
    unsigned least = 1;
    unsigned most = 1;
  };
  static constexpr unsigned kUnbounded = std::numeric_limits<unsigned>::max();

  [[noreturn]] void fail(std::string_view problem) const {
    throw RoutePatternError(pattern_, position_, problem);
  }
  constexpr bool atEnd() const noexcept { return position_ == end_; }
  constexpr char peek() const noexcept { return pattern_[position_]; }

  static constexpr bool isPunctuation(char c) noexcept {
    return std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").find(c) != std::string_view::npos;
  }

  constexpr ByteSet parseAtom() {
    const char c = peek();
    if (c == '[') return parseClass();
    if (c == '\\') return parseEscape();
    switch (c) {
      case '.':
        fail("'.' is not supported in a constraint; write \\. for a dot, or a class such as [a-z0-9]");
      case '(':
      case ')':
      case '|':
        fail("groups and alternatives are not supported in a constraint; register one route for each");
      case '^':
      case '$':
        fail("anchors are not needed: a constraint always matches the whole segment");
      case '*':
      case '+':
      case '?':
      case '{':
        fail("there is nothing to repeat here; put a byte or a class before the quantifier");
      case '/':
        fail("a segment never holds '/'");
      default:
        break;
    }
    ByteSet set;
    set.add(c);
    ++position_;
    return set;
  }

  constexpr ByteSet parseEscape() {
    if (position_ + 1 == end_) fail("a backslash needs a byte after it");
    const char c = pattern_[position_ + 1];
    ByteSet set;
    if (c == 'd') {
      set = ByteSet::digits();
    } else if (c == 'w') {
      set = ByteSet::wordBytes();
    } else if (isPunctuation(c) && c != '/') {
      set.add(c);
    } else {
      fail("only \\d, \\w and escaped punctuation are supported; write a class such as [^0-9]");
    }
    position_ += 2;
    return set;
  }

  constexpr ByteSet parseClass() {
    const std::size_t opened = position_++;
    const bool negated = !atEnd() && peek() == '^';
    if (negated) ++position_;
    ByteSet set;
    while (!atEnd() && peek() != ']') set.add(parseClassItem());
    if (atEnd() || set.empty()) {
      position_ = opened;
      fail("this class is empty or lacks its ']'");
    }
    ++position_;
    return negated ? set.complement() : set;
  }

  // One byte, an escape, or a range.
  constexpr ByteSet parseClassItem() {
    if (peek() == '\\') return parseEscape();
    const auto first = static_cast<unsigned char>(pattern_[position_++]);
    auto last = first;
    if (position_ + 1 < end_ && peek() == '-' && pattern_[position_ + 1] != ']') {
      last = static_cast<unsigned char>(pattern_[position_ + 1]);
      if (last == '\\' || last < first) fail("this range is not in order; write it as [a-z]");
      position_ += 2;
    }
    ByteSet set;
    set.addRange(first, last);
    return set;
  }

  constexpr Repeat parseRepeat() {
    if (atEnd()) return {};
    switch (peek()) {
      case '?':
        ++position_;
        return {0, 1};
      case '*':
        ++position_;
        return {0, kUnbounded};
      case '+':
        ++position_;
        return {1, kUnbounded};
      case '{':
        return parseBraces();
      default:
        return {};
    }
  }

  constexpr Repeat parseBraces() {
    ++position_;
    Repeat repeat;
    repeat.least = repeat.most = parseNumber();
    if (!atEnd() && peek() == ',') {
      ++position_;
      repeat.most = !atEnd() && peek() == '}' ? kUnbounded : parseNumber();
    }
    if (atEnd() || peek() != '}') fail("write a repetition as {3}, {2,4} or {2,}");
    if (repeat.most == 0 || repeat.most < repeat.least)
      fail("this repetition matches nothing; write {least,most}");
    ++position_;
    return repeat;
  }

  constexpr unsigned parseNumber() {
    unsigned number = 0;
    const std::size_t first = position_;
    while (!atEnd() && peek() >= '0' && peek() <= '9' && position_ - first < 3)
      number = number * 10 + static_cast<unsigned>(pattern_[position_++] - '0');
    if (position_ == first) fail("write a repetition as {3}, {2,4} or {2,}");
    return number;
  }

  constexpr void unroll(const ByteSet& atom, Repeat repeat) {
    const bool unbounded = repeat.most == kUnbounded;
    const unsigned places = unbounded ? std::max(repeat.least, 1U) : repeat.most;
    for (unsigned i = 0; i < places; ++i) {
      addPlace(atom, i >= repeat.least, unbounded && i + 1 == places);
    }
  }

  constexpr void addPlace(const ByteSet& atom, bool optional, bool loops) {
    const std::size_t place = constraint_.positions_;
    if (place == SegmentConstraint::kMaxPositions)
      fail("this constraint unrolls to more than 63 bytes; shorten it or use + instead of a count");
    for (unsigned c = 0; c < 256; ++c) {
      if (atom.contains(static_cast<unsigned char>(c))) constraint_.accepts_[c] |= bitOf(place);
    }
    if (optional) constraint_.optional_ |= bitOf(place);
    if (loops) constraint_.loops_ |= bitOf(place);
    ++constraint_.positions_;
  }

  SegmentConstraint& constraint_;
  std::string_view pattern_;
  std::size_t position_;
  std::size_t end_;
};

constexpr SegmentConstraint::SegmentConstraint(std::string_view pattern, std::size_t begin,
                                               std::size_t length) {
  Parser(*this, pattern, begin, length).parse();
  reach_[positions_] = bitOf(positions_);
  for (std::size_t place = positions_; place-- > 0;) {
    reach_[place] = bitOf(place);
    if ((optional_ & bitOf(place)) != 0) reach_[place] |= reach_[place + 1];
  }
}

}  // namespace h3
