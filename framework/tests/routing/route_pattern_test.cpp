#include "h3http/detail/route_pattern.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "router_results.hpp"
#include "routing/router.hpp"

using h3::PatternSegment;
using h3::RoutePattern;
using h3::RoutePatternError;
using h3::test::repeated;

namespace {

// "lit:users param:id(\d+)? rest:path"
std::string described(const RoutePattern& pattern) {
  const char* const kinds[] = {"lit", "param", "wild", "rest"};
  std::string text;
  for (const PatternSegment& segment : pattern.segments()) {
    if (!text.empty()) text += ' ';
    text.append(kinds[static_cast<int>(segment.kind)]).append(":").append(segment.text);
    if (!segment.constraint.empty()) text.append("(").append(segment.constraint).append(")");
  }
  return text + (pattern.lastIsOptional() ? "?" : "");
}

std::string names(int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result += "/:n" + std::to_string(i);
  return result;
}

}  // namespace

TEST_CASE("patterns and their segments") {
  struct Row {
    const char* pattern;
    const char* segments;
  };
  const Row rows[] = {
      {"/", ""},
      {"/users", "lit:users"},
      {"/users/", "lit:users lit:"},
      {"/users/:id", "lit:users param:id"},
      {"/users/:id/", "lit:users param:id lit:"},
      {"/users/:id?", "lit:users param:id?"},
      {"/:lang?", "param:lang?"},
      {R"(/users/:id(\d+))", R"(lit:users param:id(\d+))"},
      {R"(/users/:id(\d+)?)", R"(lit:users param:id(\d+)?)"},
      {R"(/x/:a([)(]+)/y)", R"(lit:x param:a([)(]+) lit:y)"},
      {R"(/x/:a(\)))", R"(lit:x param:a(\)))"},
      {"/files/*/raw", "lit:files wild: lit:raw"},
      {"/files/**", "lit:files rest:"},
      {"/files/**:rest", "lit:files rest:rest"},
      {"/**", "rest:"},
      {"/v1/items:batch", "lit:v1 lit:items:batch"},
      {"/a(b)/~user", "lit:a(b) lit:~user"},
      {"/caf%C3%A9/a%2Fb/100%25", "lit:caf%C3%A9 lit:a%2Fb lit:100%25"},
      {"/.well-known/...", "lit:.well-known lit:..."},
      {"/:_a1/:B", "param:_a1 param:B"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    const RoutePattern pattern(row.pattern);
    CHECK(described(pattern) == row.segments);
    CHECK(pattern.text() == row.pattern);
  }
}

TEST_CASE("patterns that are refused, and where") {
  struct Row {
    std::string pattern;
    std::size_t position;
  };
  const Row rows[] = {
      {"", 0},
      {"users", 0},
      {"*", 0},
      {"//", 1},
      {"/a//b", 3},
      {"/:", 2},
      {"/:1a", 2},
      {"/:a-b", 3},
      {"/:a.json", 3},
      {"/:a/:a", 6},
      {"/:a/**:a", 8},
      {"/:a?/b", 5},
      {"/:a??", 4},
      {"/:a(", 3},
      {"/:a([)", 3},
      {"/:a()", 4},
      {"/:a(.*)", 4},
      {"/:a(x/y)", 5},
      {"/:a(x)y", 6},
      {"/a*", 2},
      {"/*a", 2},
      {"/***", 3},
      {"/**/a", 4},
      {"/**:", 4},
      {"/**:r/a", 6},
      {"/a?", 2},
      {"/a b", 2},
      {"/a#b", 2},
      {"/caf\xC3\xA9", 4},
      {"/a%", 2},
      {"/%4g", 1},
      {"/caf%c3%A9", 4},
      {"/caf%C3%a9", 7},
      {"/%7Euser", 1},
      {"/a%2Bb", 2},
      {"/a%2fb", 2},
      {"/a%00", 2},
      {"/a/./b", 3},
      {"/a/..", 3},
      {"/a%2F..", 1},
      {"/[a]", 1},
      {"/" + std::string(64, 'a') + "{}", 65},
      {"/:" + std::string(65, 'n'), 67},
      {names(17), names(17).size()},
      {repeated("/a", 33), 65},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    try {
      RoutePattern pattern(row.pattern);
      FAIL("accepted");
    } catch (const RoutePatternError& error) {
      CAPTURE(error.what());
      CHECK(error.position() == row.position);
      CHECK(std::string(error.what()).find('"' + row.pattern + '"') != std::string::npos);
    }
  }
}

TEST_CASE("the largest patterns that are allowed") {
  CHECK_NOTHROW(RoutePattern("/:" + std::string(64, 'n')));
  CHECK_NOTHROW(RoutePattern(names(16)));
  CHECK_NOTHROW(RoutePattern(names(16) + "/**"));
  CHECK_NOTHROW(RoutePattern(repeated("/a", 32)));
}

// The same parser, run by the compiler.
constexpr RoutePattern kConstant(R"(/users/:id(\d{1,9})/**:rest)");
static_assert(kConstant.segments().size() == 3);
static_assert(kConstant.segments()[1].text == "id");
static_assert(kConstant.segments()[1].constraint == R"(\d{1,9})");
static_assert(kConstant.segments()[2].kind == PatternSegment::Kind::rest);

TEST_CASE("patterns that collide do so in a router too, and in either order") {
  const char* const patterns[] = {
      "/",           "/a",    "/a/",     "/:x",    "/:y",     "/:x?",   R"(/:x(\d+))",    R"(/:y(\d+))",
      R"(/:y(\d*))", "/*",    "/**",     "/**:r",  "/a/:b",   "/a/:c?", R"(/a/:c(\d+)?)", R"(/a/:x([^/]))",
      "/a/*",        "/a/**", "/a/**:r", "/:x/:y", "/:x/:y?", "/:x/a",  "/*/a",           "/b"};
  int collisions = 0;
  for (const char* first : patterns) {
    for (const char* second : patterns) {
      CAPTURE(first);
      CAPTURE(second);
      h3::Router router;
      router.add(h3::Method::get, first, 0);
      bool refused = false;
      try {
        router.add(h3::Method::get, second, 1);
      } catch (const std::invalid_argument&) {
        refused = true;
      }
      CHECK(RoutePattern(first).collidesWith(RoutePattern(second)) == refused);
      collisions += refused ? 1 : 0;
    }
  }
  CHECK(collisions > 24);  // More than each with itself.
}
