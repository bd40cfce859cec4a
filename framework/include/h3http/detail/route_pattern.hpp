#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "h3http/detail/canonical_segment.hpp"
#include "h3http/detail/route_params.hpp"
#include "h3http/detail/segment_constraint.hpp"
#include "h3http/detail/uri_bytes.hpp"
#include "h3http/error.hpp"

namespace h3 {

/// Lifetime: views into the pattern.
struct PatternSegment {
  enum class Kind : std::uint8_t {
    literal,   ///< Exactly this text; empty only as the last one, for a trailing slash.
    param,     ///< One segment of at least one byte.
    wildcard,  ///< The same, unnamed: '*'.
    rest,      ///< Everything that follows, possibly nothing: '**'. Always the last.
  };
  Kind kind = Kind::literal;
  std::string_view text;        ///< The literal, or the name ("" for '*' and a plain '**').
  std::string_view constraint;  ///< The text in the parentheses of a param; "" for none.
  std::size_t constraintPosition = 0;

  /// Whether both match the same texts, as far as their spelling shows.
  constexpr bool samePlaceAs(const PatternSegment& other) const noexcept {
    return kind == other.kind && constraint == other.constraint &&
           (kind != Kind::literal || text == other.text);
  }
};

/// The parsed form of "/users/:id(\d+)/files/**:rest".
///
///     /users        literal, percent-encoded in the one spelling that paths have (ADR 16)
///     /:id          one segment; /:id(\d+) only when all of it matches, see SegmentConstraint
///     /:id?         the last segment may be missing, with its slash
///     /*            one segment, not captured
///     /**  /**:rest everything that follows, slashes included; also nothing ("/a/**" matches "/a" and "/a/").
///                   With a name, nothing that holds an encoded slash: decoded it would be a separator
///
/// A trailing slash counts: "/a/" is not "/a".
/// One parser serves both times: `constexpr RoutePattern p("/a/:b")` parses at compile time, and a wrong
/// pattern does not compile there. Lifetime: views into the text, which must outlive it.   Allocates: never.
/// Errors: RoutePatternError.
class RoutePattern {
 public:
  static constexpr std::size_t kMaxSegments = 32;
  static constexpr std::size_t kMaxNameBytes = 64;

  explicit constexpr RoutePattern(std::string_view pattern);

  constexpr std::string_view text() const noexcept { return text_; }
  /// None for "/".
  constexpr std::span<const PatternSegment> segments() const noexcept { return {segments_.data(), count_}; }
  constexpr bool lastIsOptional() const noexcept { return lastIsOptional_; }

  /// Whether both are the same place in a router, so that a method can have only one of them. Ignores names;
  /// constraints are equal when they are spelled the same.
  constexpr bool collidesWith(const RoutePattern& other) const noexcept;

 private:
  class Parser;

  std::string_view text_;
  std::array<PatternSegment, kMaxSegments> segments_{};
  std::size_t count_ = 0;
  bool lastIsOptional_ = false;
};

/// Reads a pattern from left to right, at compile time or at run time.
class RoutePattern::Parser {
 public:
  explicit constexpr Parser(RoutePattern& result) : result_(result), pattern_(result.text_) {}

  constexpr void parse() {
    if (pattern_.empty() || pattern_.front() != '/') fail("a pattern begins with '/'");
    position_ = 1;
    if (pattern_.size() == 1) return;
    parseSegment();
    while (!atEnd()) {
      ++position_;  // The '/'.
      parseSegment();
    }
  }

 private:
  // Not constexpr: at compile time this call is the error, and the compiler shows its line with the problem.
  [[noreturn]] void fail(std::string_view problem) const {
    throw RoutePatternError(pattern_, position_, problem);
  }
  static constexpr bool isNameBegin(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  static constexpr bool isNameByte(char c) noexcept { return isNameBegin(c) || (c >= '0' && c <= '9'); }

  constexpr bool atEnd() const noexcept { return position_ == pattern_.size(); }
  constexpr char peek() const noexcept { return pattern_[position_]; }
  constexpr bool atSegmentEnd() const noexcept { return atEnd() || peek() == '/'; }

  constexpr void parseSegment() {
    if (result_.count_ == kMaxSegments) fail("more than 32 segments; use '**' for the rest");
    if (result_.lastIsOptional_)
      fail("only the last segment may be optional; register the short route on its own");
    if (result_.count_ > 0 && result_.segments().back().kind == PatternSegment::Kind::rest)
      fail("'**' takes all that follows, so it must be the last segment");
    if (atSegmentEnd()) return parseEmpty();
    if (peek() == ':') return parseParam();
    if (peek() == '*') return parseWildcard();
    parseLiteral();
  }

  constexpr void parseEmpty() {
    if (!atEnd()) fail("an empty segment ('//') is only possible at the end");
    add({});
  }

  constexpr void parseParam() {
    PatternSegment segment;
    segment.kind = PatternSegment::Kind::param;
    ++position_;
    segment.text = parseName();
    if (!atEnd() && peek() == '(') parseConstraint(segment);
    if (!atEnd() && peek() == '?') {
      result_.lastIsOptional_ = true;
      ++position_;
    }
    if (!atSegmentEnd()) fail("a parameter takes the whole segment; end it with '/', '?' or '(constraint)'");
    add(segment);
  }

  constexpr std::string_view parseName() {
    const std::size_t first = position_;
    if (atEnd() || !isNameBegin(peek()))
      fail("a name is missing: letters, digits and '_', not a digit first");
    while (!atEnd() && isNameByte(peek())) ++position_;
    const std::string_view name = pattern_.substr(first, position_ - first);
    if (name.size() > kMaxNameBytes) fail("this name is longer than 64 bytes");
    for (const PatternSegment& other : result_.segments())
      if (other.kind != PatternSegment::Kind::literal && other.text == name)
        fail("this name is there already; each name may stand once");
    if (++nameCount_ > RouteParams::kCapacity)
      fail("more than 16 names; use '*' or '**' for what is not needed");
    return name;
  }

  constexpr void parseConstraint(PatternSegment& segment) {
    const std::size_t opened = position_++;
    segment.constraintPosition = position_;
    bool inClass = false;
    while (!atEnd() && (inClass || peek() != ')')) {
      if (peek() == '[') inClass = true;
      if (peek() == ']') inClass = false;
      position_ += peek() == '\\' && position_ + 1 < pattern_.size() ? 2 : 1;
    }
    if (atEnd()) {
      position_ = opened;
      fail("this '(' has no ')'");
    }
    segment.constraint = pattern_.substr(segment.constraintPosition, position_ - segment.constraintPosition);
    SegmentConstraint(pattern_, segment.constraintPosition,
                      segment.constraint.size());  // Throws when it is wrong.
    ++position_;
  }

  constexpr void parseWildcard() {
    PatternSegment segment;
    segment.kind = PatternSegment::Kind::wildcard;
    ++position_;
    if (!atEnd() && peek() == '*') {
      segment.kind = PatternSegment::Kind::rest;
      ++position_;
      if (!atEnd() && peek() == ':') {
        ++position_;
        segment.text = parseName();
      }
    }
    if (!atSegmentEnd()) fail("a wildcard is a whole segment: '/*', '/**' or '/**:name'");
    add(segment);
  }

  constexpr void parseLiteral() {
    const std::size_t first = position_;
    for (; !atSegmentEnd(); ++position_) {
      const char c = peek();
      if (c == '*') fail("'*' inside a literal is not supported; a wildcard is a whole segment");
      if (c == '?') fail("'?' may only follow a parameter; a query is not part of a pattern");
      if (c == '%') checkEscape();
      if (c != '%' && !UriBytes::is(c, UriBytes::kPath))
        fail("this byte never comes in a path; percent-encode it");
    }
    PatternSegment segment;
    segment.text = pattern_.substr(first, position_ - first);
    if (!CanonicalSegment::hidesDots(segment.text)) return add(segment);
    position_ = first;
    fail("no route is ever found for a dot segment: paths are compared without them");
  }

  constexpr void checkEscape() const {
    const std::string_view problem = CanonicalSegment::problemOfEscape(pattern_.substr(position_));
    if (!problem.empty()) fail(problem);
  }

  constexpr void add(const PatternSegment& segment) { result_.segments_[result_.count_++] = segment; }

  RoutePattern& result_;
  std::string_view pattern_;
  std::size_t position_ = 0;
  std::size_t nameCount_ = 0;
};

constexpr RoutePattern::RoutePattern(std::string_view pattern) : text_(pattern) { Parser(*this).parse(); }

constexpr bool RoutePattern::collidesWith(const RoutePattern& other) const noexcept {
  // All of its segments, and without the optional one.
  for (std::size_t own = count_ - (lastIsOptional_ ? 1 : 0); own <= count_; ++own) {
    if (own > other.count_ || own + (other.lastIsOptional_ ? 1 : 0) < other.count_) continue;
    std::size_t same = 0;
    while (same < own && segments_[same].samePlaceAs(other.segments_[same])) ++same;
    if (same == own) return true;
  }
  return false;
}

}  // namespace h3
