#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "writers/formats.hpp"
#include "writers/hostile_results.hpp"

using namespace leakgate;
using nlohmann::json;

namespace {

json runOf(const std::vector<GateResult>& results) {
  return json::parse(sarifJson({results, "leakgate gate", 1}))["runs"][0];
}

// A result that fails for as many reasons, all different.
GateResult failing(int reasons) {
  Report report = cleanReport();
  for (int i = 0; i < reasons; ++i)
    report.verdict.failures.push_back({"metric_" + std::to_string(i), "WORSE  m"});
  report.verdict.outcome = Outcome::fail;
  return resultNamed("many", report);
}

}  // namespace

TEST_CASE("SARIF: a finding with its own fingerprint, place and stack") {
  const json run = runOf({resultNamed("leaky", failed(leakyReport()))});
  REQUIRE(run["results"].size() == 1);
  const json& result = run["results"][0];
  CHECK(result["ruleId"] == "leak");
  CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == "leak");
  CHECK(result["partialFingerprints"]["leakgate/v1"] == leakyReport().findings[0].fingerprint);
  const json& place = result["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "src/event.cpp");
  CHECK(place["region"]["startLine"] == 88);
  CHECK(result["stacks"][0]["frames"].size() == leakyReport().findings[0].stack.size());
  CHECK_FALSE(result.contains("baselineState"));
  CHECK(run["invocations"][0]["exitCode"] == 1);
}

TEST_CASE("SARIF: with a baseline a finding is new or unchanged") {
  GateResult result = resultNamed("leaky", failed(leakyReport()));
  result.hasBaseline = true;
  CHECK(runOf({result})["results"][0]["baselineState"] == "new");
  result.knownFindings = {leakyReport().findings[0].fingerprint};
  CHECK(runOf({result})["results"][0]["baselineState"] == "unchanged");
}

TEST_CASE("SARIF: suppressed findings are left out, and one defect of several scenarios is one result") {
  Report suppressed = cleanReport();
  suppressed.suppressed = leakyReport().findings;
  CHECK(runOf({resultNamed("quiet", suppressed)})["results"].empty());
  const json run = runOf({resultNamed("a", failed(leakyReport())), resultNamed("b", failed(leakyReport()))});
  REQUIRE(run["results"].size() == 1);
  CHECK(run["results"][0]["message"]["text"].get<std::string>().find("in 2 scenarios: a, b") !=
        std::string::npos);
}

TEST_CASE("SARIF: 5,000 results, ranked, the worst first") {
  std::vector<GateResult> results{failing(5'001)};
  results.push_back(resultNamed("leaky", failed(leakyReport())));
  const json run = runOf(results);
  CHECK(run["results"].size() == 5'000);
  CHECK(run["properties"]["leftOut"] == 2);
  CHECK(run["results"][0]["ruleId"] == "leak");
  CHECK(run["results"][0]["rank"] == 100);
  CHECK(run["results"][4'999]["rank"] > 0);
  CHECK(run["results"][4'999]["rank"] < run["results"][4'998]["rank"]);
}
