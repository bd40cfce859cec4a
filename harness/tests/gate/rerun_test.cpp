#include "gate/rerun.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

std::string textOf(const Report& before, const Report& after) {
  return rerunText(compareRerun(before, after), "sample", "ci.json");
}

}  // namespace

TEST_CASE("the same counts and findings, at other addresses") {
  const Rerun rerun = compareRerun(leakyReport(), leakyReport(0x5000));
  CHECK(rerun.differences.empty());
  CHECK(rerun.causes.empty());
  CHECK(rerun.findings == 1);
  CHECK(rerun.counts > 5);
  CHECK(rerunText(rerun, "sample", "ci.json") ==
        "SAME  sample: " + std::to_string(rerun.counts) + " counts and 1 finding as in ci.json\n");
}

TEST_CASE("what differs, and what may be why") {
  Report after = allocating(3, std::nullopt, 0);
  after.environment.compiler = "GNU C++20 13.2.0";
  after.environment.modules[0].buildId = "ff00";
  CHECK(textOf(cleanReport(), after) ==
        "DIFFERS  sample: from ci.json\n"
        "  allocations_per_request: 3 blocks, was 0 blocks\n"
        "What may be why:\n"
        "  program: server with build id 00ff, now server with ff00\n"
        "  compiler: GNU C++20 12.2.0, now GNU C++20 13.2.0\n");
}

TEST_CASE("a leak that did not come back, and one that is new") {
  CHECK(textOf(leakyReport(), cleanReport()).find("\n  did not come back: LEAK  h3::Event::setContext") !=
        std::string::npos);
  CHECK(textOf(cleanReport(), leakyReport()).find("\n  not in the report: LEAK  h3::Event::setContext") !=
        std::string::npos);
  CHECK(textOf(leakyReport(), cleanReport()).find("\nNothing that leakgate knows differs") !=
        std::string::npos);
}

TEST_CASE("uncommitted changes are a cause, times are no difference") {
  Report before = cleanReport();
  before.environment.dirty = true;
  Report after = cleanReport();
  for (auto& metric : after.metrics)
    if (metric.kind == MetricKind::sampled) metric.value = 2 * metric.value + 1;
  const auto json = nlohmann::json::parse(rerunJson(compareRerun(before, after), "sample"));
  CHECK(json["same"] == true);
  CHECK(json["causes"][0] == "commit: c0ffee with changes, now c0ffee");
}
