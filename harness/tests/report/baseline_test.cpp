#include "report/baseline.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "report/atomic_file.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;

namespace {

struct TemporaryFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("baseline-" + std::to_string(::getpid()) + ".json");
  explicit TemporaryFile(const std::string& content) { writeAtomically(path, content); }
  ~TemporaryFile() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("a baseline holds what does not change from run to run") {
  const Baseline baseline = reduce(leakyReport());
  for (const auto& metric : baseline.metrics) {
    CAPTURE(metric.name);
    CHECK(toString(metric.kind) == (metric.name == "live_bytes_at_warm" ? "spread" : "exact"));
    CHECK(toString(metric.direction) != "none");
  }
  CHECK(baseline.metrics.size() > 5);
  REQUIRE(baseline.findings.size() == 1);
  CHECK(baseline.findings[0].fingerprint == leakyReport().findings[0].fingerprint);
  CHECK(baseline.windows.empty());
}

TEST_CASE("a baseline reads back") {
  const Baseline baseline = reduce(leakyReport());
  const TemporaryFile file(toText(baseline));
  const Baseline read = readBaseline(file.path);
  CHECK(toText(read) == toText(baseline));
  CHECK(read.metrics == baseline.metrics);
  CHECK(read.findings == baseline.findings);
  CHECK(read.scenarioHash == "0123456789abcdef");
}

TEST_CASE("a baseline keeps how many runs it was made of, and where a count that varied lay") {
  Report report = cleanReport();
  report.repeats = 5;
  for (auto& metric : report.metrics) {
    if (metric.name != "allocations_per_request") continue;
    metric.kind = MetricKind::spread;
    metric.spread = Spread{6, 0.25, 0.75};
  }
  const TemporaryFile file(toText(reduce(report)));
  const Baseline read = readBaseline(file.path);
  CHECK(read.runs == 6);
  CHECK(read.metrics == reduce(report).metrics);
  CHECK(readWhole(file.path).find(
            R"("kind":"spread","direction":"lower","spread":{"runs":6,"low":0.25,"high":0.75}})") !=
        std::string::npos);
}

TEST_CASE("a baseline of an older version, without runs and spreads, is read") {
  auto json = nlohmann::ordered_json::parse(toText(reduce(cleanReport())));
  json.erase("runs");
  const TemporaryFile file(toText(json));
  CHECK(readBaseline(file.path).runs == 0);
}

TEST_CASE("diff's base may be a baseline or a report") {
  const TemporaryFile baseline(toText(reduce(leakyReport())));
  CHECK(readBaselineOrReport(baseline.path).findings.size() == 1);
  const TemporaryFile report(toText(toJson(leakyReport())));
  CHECK(readBaselineOrReport(report.path).metrics.size() == leakyReport().metrics.size());
}

TEST_CASE("files that are no baseline are refused") {
  for (const char* content :
       {"", "[]", "{}", "{\"schema\": 1e999}", "{\"schema\": 1}", "{\"schema\": \"leakgate.baseline/2\"}"}) {
    CAPTURE(content);
    const TemporaryFile file(content);
    CHECK_THROWS_AS(readBaseline(file.path), InputError);
    CHECK_THROWS_AS(readBaselineOrReport(file.path), InputError);
  }
}
