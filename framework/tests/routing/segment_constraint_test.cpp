#include "h3http/detail/segment_constraint.hpp"

#include <doctest/doctest.h>

#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/detail/route_pattern.hpp"

using h3::RoutePatternError;
using h3::SegmentConstraint;

namespace {

SegmentConstraint constraint(std::string_view text) { return SegmentConstraint(text, 0, text.size()); }

struct Atom {
  const char* text;
  std::string_view bytes;  ///< Of "abcd1.", those it takes.
};
constexpr Atom kAtoms[] = {{"a", "a"},   {"b", "b"},       {"[ab]", "ab"},   {"[^a]", "bcd1."},
                           {"\\d", "1"}, {"\\w", "abcd1"}, {"[b-d]", "bcd"}, {"\\.", "."}};

struct Repeat {
  const char* text;
  std::size_t least, most;
};
constexpr Repeat kRepeats[] = {{"", 1, 1},    {"", 1, 1},      {"?", 0, 1},     {"*", 0, 99},   {"+", 1, 99},
                               {"{2}", 2, 2}, {"{1,2}", 1, 2}, {"{2,}", 2, 99}, {"{0,2}", 0, 2}};

struct Piece {
  Atom atom;
  Repeat repeat;
};

bool matchesSlowly(std::span<const Piece> pieces, std::string_view segment) {
  if (pieces.empty()) return segment.empty();
  const auto& [atom, repeat] = pieces.front();
  for (std::size_t taken = 0; taken <= repeat.most; ++taken) {
    if (taken >= repeat.least && matchesSlowly(pieces.subspan(1), segment.substr(taken))) return true;
    if (taken == segment.size() || atom.bytes.find(segment[taken]) == std::string_view::npos) return false;
  }
  return false;
}

}  // namespace

TEST_CASE("what a constraint accepts") {
  struct Row {
    const char* expression;
    const char* segment;
    bool accepted;
  };
  const Row rows[] = {
      {R"(\d+)", "0", true},
      {R"(\d+)", "42", true},
      {R"(\d+)", "42a", false},
      {R"(\d+)", "a42", false},
      {R"(\d+)", "", false},
      {R"(\d*)", "", true},
      {R"(\d{3})", "12", false},
      {R"(\d{3})", "123", true},
      {R"(\d{3})", "1234", false},
      {R"(\d{2,4})", "1", false},
      {R"(\d{2,4})", "12", true},
      {R"(\d{2,4})", "1234", true},
      {R"(\d{2,4})", "12345", false},
      {R"(\d{2,})", "1", false},
      {R"(\d{2,})", "123456789", true},
      {R"(\d{0,2})", "123", false},
      {R"(\d{4}-\d{2}-\d{2})", "2015-05-17", true},
      {R"(\d{4}-\d{2}-\d{2})", "2015-05-1", false},
      {"v1", "v1", true},
      {"v1", "v2", false},
      {"v1?", "v", true},
      {"colou?r", "color", true},
      {"colou?r", "colour", true},
      {"colou?r", "colouur", false},
      {R"(\w+)", "a_Z9", true},
      {R"(\w+)", "a-b", false},
      {R"([a-f0-9]{8})", "deadbeef", true},
      {R"([a-f0-9]{8})", "deadbeeg", false},
      {"[abc]+x", "abcabcx", true},
      {"[^0-9]+", "abc", true},
      {"[^0-9]+", "a1c", false},
      {"[a-]+", "a-a", true},
      {"[-a]+", "-a", true},
      {R"([\]\\]+)", R"(]\)", true},
      {R"([\d_.]+)", "1_2.3", true},
      {R"(\w+\.html)", "index.html", true},
      {R"(\w+\.html)", "index_html", false},
      {R"(\w+\.html)", "htmlxhtml", false},
      {"a*a*a*b", "aaab", true},
      {"a*b*", "ba", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    CAPTURE(row.segment);
    CHECK(constraint(row.expression).matches(row.segment) == row.accepted);
  }
}

TEST_CASE("what is refused, and where") {
  struct Row {
    const char* expression;
    std::size_t position;
  };
  const Row rows[] = {{"", 0},      {".*", 0},     {"a|b", 1},  {"(a)", 0},   {"^a", 0},    {"a$", 1},
                      {"*", 0},     {"a**", 2},    {"+a", 0},   {"?", 0},     {"{2}", 0},   {"a{", 2},
                      {"a{2", 3},   {"a{2,1}", 5}, {"a{0}", 3}, {"a{,2}", 2}, {"a{1x}", 3}, {"[", 0},
                      {"[]", 0},    {"[a", 0},     {"[^]", 0},  {"[z-a]", 2}, {"\\", 0},    {"\\D", 0},
                      {"\\s", 0},   {"a\\b", 1},   {"a/b", 1},  {"\\/", 0},   {"a{64}", 5}, {"a{1000}", 5},
                      {"\\d+?", 3}, {"[a-\\d]", 2}};
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    try {
      constraint(row.expression);
      FAIL("accepted");
    } catch (const RoutePatternError& error) {
      CAPTURE(error.what());
      CHECK(error.position() == row.position);
    }
  }
}

TEST_CASE("both sides of the size") {
  CHECK(constraint("a{63}").matches(std::string(63, 'a')));
  CHECK_FALSE(constraint("a{63}").matches(std::string(62, 'a')));
  CHECK_THROWS_AS(constraint("a{62}b{2}"), RoutePatternError);
  CHECK(constraint("a{0,63}").matches(""));
  CHECK(constraint("a{0,63}").matches(std::string(63, 'a')));
  CHECK_FALSE(constraint("a{0,63}").matches(std::string(64, 'a')));
}

TEST_CASE("what makes a backtracking matcher slow is linear here") {
  std::string expression;
  for (int i = 0; i < 20; ++i) expression += "a*";
  const std::string segment(8000, 'a');
  CHECK_FALSE(constraint(expression + "b").matches(segment));
  CHECK(constraint(expression + "b").matches(segment + "b"));
}

TEST_CASE("random expressions agree with a matcher that tries everything") {
  const auto seed = std::random_device{}();
  MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 500; ++i) {
    std::string expression;
    std::vector<Piece> pieces(1 + random() % 4);
    for (Piece& piece : pieces) {
      piece = {kAtoms[random() % std::size(kAtoms)], kRepeats[random() % std::size(kRepeats)]};
      expression.append(piece.atom.text).append(piece.repeat.text);
    }
    const SegmentConstraint ours = constraint(expression);
    for (int j = 0; j < 20; ++j) {
      std::string segment(random() % 6, ' ');
      for (char& c : segment) c = "abcd1."[random() % 6];
      CAPTURE(seed);
      CAPTURE(expression);
      CAPTURE(segment);
      CHECK(ours.matches(segment) == matchesSlowly(pieces, segment));
    }
  }
}
