#include "http/canonical_path.hpp"

#include <doctest/doctest.h>

#include <string>

#include "h3http/arena.hpp"
#include "http/percent.hpp"
#include "http/target.hpp"

using h3::Arena;
using h3::Method;
using h3::Target;

namespace {

struct Canonical {
  std::string path;
  bool hadDotSegments;
  bool isUnroutable;
  bool operator==(const Canonical&) const = default;
};

Canonical canonical(const std::string& sent) {
  Target target = *h3::parseTarget(Method::get, sent, h3::TargetSyntax::browser);
  Arena arena;
  const std::string path(h3::canonicalPath(target, arena));
  return {path, target.hadDotSegments, target.isUnroutable};
}

}  // namespace

TEST_CASE("every spelling of a path has one canonical form") {
  const struct {
    std::string sent;
    std::string path;
  } rows[] = {
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/a/", "/a/"},
      {"//a///b//", "//a///b//"},
      {"/caf%c3%a9", "/caf%C3%A9"},
      {"/caf%C3%A9", "/caf%C3%A9"},
      {"/%7Euser/%61%2D%2e%5F", "/~user/a-._"},
      {"/a%2Bb%3b%3D%40%3A", "/a+b;=@:"},
      {"/%21%24%26%27%28%29%2a%2C", "/!$&'()*,"},
      {"/a%2fb", "/a%2Fb"},
      {"/%252e", "/%252e"},
      {"/%25%32%65", "/%252e"},
      {"/%20%3f%23%5c%22%7b", "/%20%3F%23%5C%22%7B"},
      {"/[a]|b", "/%5Ba%5D%7Cb"},
      {"/%5ba%5D%7c", "/%5Ba%5D%7C"},
      {"/.well-known/x", "/.well-known/x"},
      {"/a.b/c..d/...", "/a.b/c..d/..."},
  };
  for (const auto& row : rows) {
    CAPTURE(row.sent);
    CHECK(canonical(row.sent) == Canonical{row.path, false, false});
    CHECK(canonical(row.path) == Canonical{row.path, false, false});
    CHECK(h3::canonicalSpelling(row.sent) == row.path);
    CHECK(h3::problemOfPath(row.path) == "");
  }
}

TEST_CASE("dot segments are resolved however they are spelled") {
  const struct {
    std::string sent;
    std::string path;
  } rows[] = {
      {"/.", "/"},
      {"/..", "/"},
      {"/../..", "/"},
      {"/./a", "/a"},
      {"/a/.", "/a/"},
      {"/a/./b", "/a/b"},
      {"/a/..", "/"},
      {"/a/../b", "/b"},
      {"/a/b/..", "/a/"},
      {"/a/b/../", "/a/"},
      {"/a/b/../../c", "/c"},
      {"/../../a", "/a"},
      {"/a/%2e%2E/b", "/b"},
      {"/a/%2e/.%2e/b", "/b"},
      {"/a//../b", "/a/b"},
      {"/a%2Fb/../c", "/c"},
      {"/a/..?x=/../y", "/"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.sent);
    CHECK(canonical(row.sent) == Canonical{row.path, true, false});
    CHECK(h3::problemOfPath(row.path) == "");
  }
}

TEST_CASE("what can only be meant to mislead has no route") {
  for (const std::string sent : {"/a%00", "/%00/b", "/a%2f..", "/a%2F..%2fb", "/..%2fa", "/a/%2e%2e%2fb",
                                 "/a%2F.%2Fb", "/a/.%2F", "/%2F..", "/a%2f%2e%2e/b"}) {
    CAPTURE(sent);
    CHECK(canonical(sent).isUnroutable);
    CHECK(h3::problemOfPath(canonical(sent).path) != "");
  }
  CHECK_FALSE(canonical("/a%2Fb..").isUnroutable);
  CHECK_FALSE(canonical("/a%252F..b").isUnroutable);
  CHECK_FALSE(canonical("/a%2500").isUnroutable);
}

TEST_CASE("each byte of a segment has one spelling, which decodes to it") {
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const char digits[] = "0123456789abcdef";
    const std::string escaped = std::string("/x%") + digits[byte >> 4] + digits[byte & 15] + "y";
    const std::string path = canonical(escaped).path;
    Arena arena;
    CHECK(h3::percentDecode(path, arena) == std::string("/x") + static_cast<char>(byte) + "y");
    CHECK(canonical(path).path == path);
    const std::string raw = std::string("/x") + static_cast<char>(byte) + "y";
    const auto target = h3::parseTarget(Method::get, raw, h3::TargetSyntax::browser);
    if (target && byte != '/' && byte != '?') CHECK(canonical(raw).path == path);
  }
}

TEST_CASE("a path that is spelled canonically is not copied") {
  Arena arena;
  const std::string text = "/users/42/file.txt";
  Target target = *h3::parseTarget(Method::get, text);
  CHECK(h3::canonicalPath(target, arena).data() == text.data());
  CHECK(arena.usedBytes() == 0);
  Target spelled = *h3::parseTarget(Method::get, "/%61|/../b", h3::TargetSyntax::browser);
  CHECK(h3::canonicalPath(spelled, arena) == "/b");
  CHECK(arena.usedBytes() == 2);
}

TEST_CASE("prefixes that can match nothing are refused, and the message says what to write") {
  const struct {
    std::string prefix;
    std::string advice;  // "" for none
  } rows[] = {
      {"", ""},
      {"/a", ""},
      {"/caf%C3%A9/team+a", ""},
      {"/a:b/v1.2/..c", ""},
      {"a", "begins with '/'"},
      {"/", "does not end with it"},
      {"/a/", "does not end with it"},
      {"/a b", "write \"/a%20b\""},
      {"/caf%c3%a9", "write \"/caf%C3%A9\""},
      {"/caf\xc3\xa9", "write \"/caf%C3%A9\""},
      {"/team%2Ba", "write \"/team+a\""},
      {"/[a]", "write \"/%5Ba%5D\""},
      {"/a?b", "write \"/a%3Fb\""},
      {"/%zz", "'%' needs two hex digits"},
      {"/a%", "'%' needs two hex digits"},
      {"/a/../b", "write \"/b\""},
      {"/a/.", "write"},
      {"/..", "write \"\""},
      {"/%2e%2e", "write \"\""},
      {"/a%2Fb", "write '/'"},
      {"/a%2fb", "write '/'"},
      {"/a//b", "write one"},
      {"/a%00", "no route is ever found"},
      {"/:id", "a prefix is literal"},
      {"/a/:id/b", "a prefix is literal"},
      {"/a/*", "a prefix is literal"},
      {"/a/**:rest", "a prefix is literal"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.prefix);
    const std::string problem = h3::problemOfPrefix(row.prefix);
    CAPTURE(problem);
    CHECK(problem.empty() == row.advice.empty());
    CHECK(problem.find(row.advice) != std::string::npos);
  }
}

TEST_CASE("a decoded prefix takes encoded slashes for slashes, and several for one") {
  const struct {
    std::string path;
    std::string prefix;
    bool under;
  } rows[] = {
      {"/a", "/a", true},           {"/a/b", "/a", true},        {"/a%2Fb", "/a", true},
      {"/a%2Fb", "/a/b", true},     {"/a%2F%2Fb", "/a/b", true}, {"//a/b", "/a/b", true},
      {"/a%2F/%2Fb", "/a/b", true}, {"/%2Fa/b", "/a/b", true},   {"/a/b%2Fc", "/a/b", true},
      {"/a/", "/a/b", false},       {"/ab", "/a", false},        {"/a%2Fbc", "/a/b", false},
      {"/a%2Bb", "/a", false},      {"/a%2", "/a", false},       {"//b", "/a", false},
      {"/a%2F", "/a", true},        {"/a//", "/a", true},        {"/", "/a", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.prefix);
    CHECK(h3::isUnderDecodedPrefix(row.path, row.prefix) == row.under);
  }
}
