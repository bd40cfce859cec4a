#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "writers/formats.hpp"
#include "writers/hostile_results.hpp"

using namespace leakgate;

namespace {

std::vector<std::string> linesOf(const std::vector<GateResult>& results) {
  std::istringstream in(githubAnnotations({results, "leakgate gate", 1}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("annotations: file, line and the whole message in one command") {
  const auto lines = linesOf({resultNamed("leaky", failed(leakyReport()))});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with(
      "::error file=src/event.cpp,line=88,title=leakgate%3A leak::LEAK  h3::Event::setContext"));
  CHECK(lines[0].find("%0Afingerprint " + leakyReport().findings[0].fingerprint) != std::string::npos);
}

TEST_CASE("annotations: ten, then how many more") {
  std::vector<GateResult> results;
  for (int i = 0; i < 12; ++i)
    results.push_back(resultWithout("s" + std::to_string(i), Outcome::cannotMeasure, "the target died"));
  const auto lines = linesOf(results);
  REQUIRE(lines.size() == 11);
  CHECK(lines[10] == "::notice title=leakgate::2 more reasons are in the summary of the job");
  results.resize(10);
  CHECK(linesOf(results).size() == 10);
}

TEST_CASE("annotations: no name is a command of its own") {
  const auto lines = linesOf(resultsNamed(kHostileName));
  REQUIRE_FALSE(lines.empty());
  CHECK(std::ranges::all_of(lines, [](const auto& line) { return line.starts_with("::error file="); }));
  // The first "::" after the properties ends them.
  for (const auto& line : lines) CHECK(line.find("title=leakgate%3A ") < line.find("::", 2));
}
