#include "cli/bisect_text.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"
#include "report/schema_error.hpp"

using namespace leakgate;

namespace {

const std::string kBad(40, 'b');
const std::string kGood(40, 'a');
const std::string kBroken(40, 'c');

CommitSummary summaryOf(const std::string& commit) {
  return {commit,
          "Ada <ada@example.org>",
          "2026-11-30",
          "Keep the session",
          {" server.c | 2 +-", " 1 file changed"}};
}

BisectResult found() {
  BisectResult result;
  const Report leaky = leakyReport();
  result.gauge = CommitGauge::ofFinding(leaky.findings.front());
  result.limit = CommitLimit::between(std::vector<double>{0}, std::vector<double>{1});
  result.tested = {{kBad, CommitResult::bad, {1}, ""},
                   {kGood, CommitResult::good, {0}, ""},
                   {kBroken, CommitResult::notBuilt, {}, "cccccccccccc does not build: make\n  error"}};
  result.suspects = {kBad};
  result.before = cleanReport();
  result.after = leaky;
  result.confirmed = true;
  return result;
}

BisectFacts factsFor(const BisectResult& result) {
  BisectFacts facts{
      "login", 64, {}, "", "./server 8080", "curl -s http://127.0.0.1:8080/", "git worktree add ..."};
  for (const std::string& commit : result.suspects) facts.suspects.push_back(summaryOf(commit));
  return facts;
}

}  // namespace

TEST_CASE("bisect's text: the commit, the finding with its place, what was skipped, how to repeat it") {
  const BisectResult result = found();
  const std::string text = bisectText(result, factsFor(result));
  CAPTURE(text);
  CHECK(text.starts_with(
      "FOUND  login: growth of h3::Event::setContext worse: 0 blocks at the good end, 1 blocks"));
  CHECK(holds(text, "  commit     " + kBad));
  CHECK(holds(text, "  subject    Keep the session"));
  CHECK(holds(text, "  files      server.c | 2 +-\n             1 file changed\n"));
  CHECK(holds(text, "  tested     3 of 65 commits; does not build: 1"));
  CHECK(holds(text, "  skipped    cccccccccccc does not build: make\n"));
  CHECK(holds(text, "  confirmed  it and its parent"));
  CHECK(holds(text, "  request    curl"));
  CHECK(holds(text, "LEAK  h3::Event::setContext"));
  CHECK(holds(text, "event.cpp:88"));
  CHECK(holds(text, "What the commit changed:"));
}

TEST_CASE("bisect's text: several suspects, an interrupted search, one before both ends were known") {
  BisectResult narrowed = found();
  narrowed.suspects = {kBad, kBroken};
  narrowed.confirmed = false;
  const std::string text = bisectText(narrowed, factsFor(narrowed));
  CHECK(text.starts_with("NARROWED  login"));
  CHECK(holds(text, "one of these 2 commits"));
  CHECK(holds(text, "    cccccccccccc Keep the session (does not build)\n"));

  BisectResult stopped = found();
  stopped.interrupted = true;
  BisectFacts facts = factsFor(stopped);
  facts.goOn = "leakgate bisect --good a --bad b";
  CHECK(bisectText(stopped, facts).starts_with("STOPPED  login"));
  CHECK(holds(bisectText(stopped, facts), "  go on      leakgate bisect --good a --bad b\n"));

  BisectResult early;
  early.interrupted = true;
  CHECK(bisectText(early, {}).starts_with("STOPPED  before both ends were measured"));
}

TEST_CASE("bisect's JSON is valid, whatever the outcome") {
  BisectResult result = found();
  CHECK(errorIn(nlohmann::json(bisectJson(result, factsFor(result))), "bisect-1.schema.json") == "");
  CHECK(bisectJson(result, factsFor(result)).at("outcome") == "found");
  result.suspects.push_back(kBroken);
  CHECK(bisectJson(result, factsFor(result)).at("outcome") == "narrowed");
  result.interrupted = true;
  CHECK(errorIn(nlohmann::json(bisectJson(result, factsFor(result))), "bisect-1.schema.json") == "");
  BisectResult early;
  early.interrupted = true;
  CHECK(errorIn(nlohmann::json(bisectJson(early, {})), "bisect-1.schema.json") == "");
  nlohmann::json wrong = bisectJson(found(), {});
  wrong["outcome"] = "guessed";
  CHECK(errorIn(wrong, "bisect-1.schema.json") != "");
}

TEST_CASE("a change is better or worse by the metric's direction") {
  BisectResult result = found();
  result.after = allocating(2, std::nullopt, 0);
  result.gauge = CommitGauge::ofMetric("allocations_per_request", "blocks");
  CHECK(changeWord(result) == "worse");
  result.limit = CommitLimit::between(std::vector<double>{3}, std::vector<double>{2});
  CHECK(changeWord(result) == "better");
  result.gauge = CommitGauge::ofMetric("requests", "1");
  CHECK(changeWord(result) == "other");
}
