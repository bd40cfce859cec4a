#include "gate/suppressions.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"

using namespace leakgate;

namespace {

NamedFinding findingIn(const std::string& function, const std::string& file, const std::string& module) {
  NamedFinding finding;
  finding.stack = {{"operator new", "new_op.cc", 1, false, "libstdc++.so.6", 0},
                   {function, file, 7, false, module, 0}};
  return finding;
}

}  // namespace

TEST_CASE("patterns match as LeakSanitizer's do") {
  struct Case {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Case cases[] = {
      {"Event", "h3::Event::setContext", true},
      {"event", "h3::Event::setContext", false},
      {"^h3::", "h3::Event", true},
      {"^Event", "h3::Event", false},
      {"Event$", "h3::Event", true},
      {"Event$", "h3::Event::set", false},
      {"^h3::Event$", "h3::Event", true},
      {"^h3::Event$", "h3::Events", false},
      {"h3::*::set", "h3::Event::setContext", true},
      {"h3::*::get", "h3::Event::setContext", false},
      {"^*Context$", "setContext", true},
      {"a*a", "a", false},
      {"a*a", "aa", true},
      {"^a*b*c$", "a-b-b-c", true},
      {"^a*b*c$", "a-c-b", false},
      {"*", "", true},
      {"ab*ab$", "ab", false},
  };
  for (const Case& one : cases) {
    CAPTURE(one.pattern);
    CAPTURE(one.text);
    CHECK(matchesPattern(one.pattern, one.text) == one.matches);
  }
}

TEST_CASE("a file of rules, with comments and blank lines") {
  const auto rules = parseSuppressions("# known\n\n  leak: SSL_CTX_new \r\nleak:^libcrypto", "our.supp");
  REQUIRE(rules.size() == 2);
  CHECK(rules[0] == Suppression{"SSL_CTX_new", "our.supp", 3, 0});
  CHECK(rules[1] == Suppression{"^libcrypto", "our.supp", 4, 0});
  CHECK(parseSuppressions("", "our.supp").empty());
}

TEST_CASE("a line of another kind is refused with its place") {
  for (const std::string line : {"race:foo", "leak:", "leak:  ", "Event"}) {
    CAPTURE(line);
    std::string message;
    try {
      parseSuppressions("# one\n" + line + "\n", "our.supp");
    } catch (const InputError& error) {
      message = error.what();
    }
    CHECK(message.starts_with("our.supp: line 2: found \""));
  }
}

TEST_CASE("a rule matches a function, a file or a module of the stack") {
  const NamedFinding finding = findingIn("h3::Event::setContext", "framework/event.cpp", "h3-demo");
  for (const char* pattern : {"setContext", "event.cpp", "^h3-demo$", "operator new"}) {
    CAPTURE(pattern);
    CHECK(matchesFinding(pattern, finding));
  }
  CHECK_FALSE(matchesFinding("other", finding));
}

TEST_CASE("what a rule matches is set aside and counted; what none matches stays") {
  Report report;
  report.findings = {findingIn("first", "a.cpp", "m"), findingIn("second", "b.cpp", "m"),
                     findingIn("third", "c.cpp", "m")};
  suppress(report, parseSuppressions("leak:first\nleak:c.cpp\nleak:never\nleak:third", "our.supp"));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].stack[1].function == "second");
  REQUIRE(report.suppressed.size() == 2);
  CHECK(report.suppressed[1].stack[1].function == "third");
  CHECK(report.suppressions[1].findings == 1);
  CHECK(report.suppressions[3].findings == 0);  // the first that matches counts
  const auto unused = unusedSuppressions({&report});
  REQUIRE(unused.size() == 2);
  CHECK(unused[0] == "our.supp:3: leak:never has matched nothing; take it out, lest it hide a new leak");
}

TEST_CASE("a rule that one of many reports used is used") {
  Report one;
  Report other;
  one.findings = {findingIn("first", "a.cpp", "m")};
  for (Report* report : {&one, &other}) suppress(*report, parseSuppressions("leak:first", "our.supp"));
  CHECK(unusedSuppressions({&one, &other}).empty());
  CHECK(unusedSuppressions({&other}).size() == 1);
}
