#include <doctest/doctest.h>

#include "writers/formats.hpp"
#include "writers/hostile_results.hpp"

using namespace leakgate;

namespace {

std::string commentOf(const std::vector<GateResult>& results) {
  return markdownText({results, "leakgate gate", 12});
}

}  // namespace

TEST_CASE("Markdown: verdict, reason, fingerprint, table") {
  const std::string text = commentOf(mixedResults());
  CHECK(text.starts_with(
      "## leakgate: bad input\n\n1 of 4 scenarios passed in 12 s; 3 reasons, the worst first\n"));
  CHECK(text.find("fingerprint " + leakyReport().findings[0].fingerprint) != std::string::npos);
  CHECK(text.find("| leaky | fail | ") != std::string::npos);
  CHECK(text.find("src/event.cpp, line 88") != std::string::npos);
}

TEST_CASE("Markdown: names are text, and end no block") {
  const std::string text = commentOf(resultsNamed("```\n@team <img src=x> [a](http://x) | b"));
  CHECK(text.find("<img") ==
        text.rfind("<img src=x> [a](http://x) | b", text.find("<img")));  // in a block only
  CHECK(text.find("\n````text\n") != std::string::npos);
  CHECK(text.find("| &#96;&#96;&#96; &#64;team &#60;img src=x&#62;") != std::string::npos);
}

TEST_CASE("Markdown: what does not fit is counted, and those that failed stay in the table") {
  std::vector<GateResult> results(200, resultNamed("passes", cleanReport()));
  for (int i = 0; i < 300; ++i)
    results.push_back(resultWithout("dead" + std::to_string(i), Outcome::cannotMeasure, "the target died"));
  const std::string comment = commentOf(results);
  CHECK(comment.size() < 60'000);
  CHECK(comment.find(" more reasons\n") != std::string::npos);
  CHECK(comment.find("| dead0 |") != std::string::npos);
  const std::string summary = githubSummary({results, "leakgate gate", 12});
  CHECK(summary.size() < 1'048'576);
}
