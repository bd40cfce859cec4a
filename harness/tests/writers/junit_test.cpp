#include <doctest/doctest.h>

#include <pugixml.hpp>
#include <string>

#include "writers/formats.hpp"
#include "writers/hostile_results.hpp"

using namespace leakgate;

namespace {

struct Parsed {
  pugi::xml_document document;
  pugi::xml_node suite;

  explicit Parsed(const std::vector<GateResult>& results) {
    REQUIRE(document.load_string(junitXml({results, "leakgate gate", 12.5}).c_str()));
    suite = document.child("testsuites").child("testsuite");
  }
};

std::string textOf(const pugi::xml_node& node, const char* attribute) {
  return node.attribute(attribute).value();
}

}  // namespace

TEST_CASE("JUnit: a case for each scenario, failures and errors apart") {
  const Parsed parsed(mixedResults());
  CHECK(textOf(parsed.suite, "tests") == "4");
  CHECK(textOf(parsed.suite, "failures") == "1");
  CHECK(textOf(parsed.suite, "errors") == "2");
  CHECK(textOf(parsed.suite, "timestamp") == "2026-11-30T12:34:56");
  const auto property = parsed.suite.child("properties").child("property");
  CHECK(textOf(property, "name") == "leakgate.exit_code");
  CHECK(textOf(property, "value") == "2");
  const auto named = [&](const char* name) {
    return parsed.suite.find_child_by_attribute("testcase", "name", name);
  };
  CHECK_FALSE(named("clean").first_child());
  const auto failure = named("leaky").child("failure");
  CHECK(textOf(failure, "type") == "leak");
  CHECK(textOf(failure, "message").starts_with("LEAK  h3::Event::setContext  +1.000 blocks"));
  const std::string text = failure.text().get();
  CHECK(text.find("fingerprint  " + leakyReport().findings[0].fingerprint) != std::string::npos);
  CHECK(text.find("src/event.cpp:88") != std::string::npos);
  CHECK(text.find("reproduce    leakgate run scenarios/sample.json") != std::string::npos);
  CHECK(textOf(named("dead").child("error"), "message") == "the target died");
  CHECK(textOf(named("gone").child("error"), "type") == "bad input");
}

TEST_CASE("JUnit: scenarios of one name are cases of their own") {
  const Parsed parsed(resultsNamed("twice"));
  CHECK(parsed.suite.find_child_by_attribute("testcase", "name", "twice"));
  CHECK(parsed.suite.find_child_by_attribute("testcase", "name", "twice (2)"));
}
