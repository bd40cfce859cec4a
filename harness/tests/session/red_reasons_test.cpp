#include "session/red_reasons.hpp"

#include <doctest/doctest.h>

#include "gate/loosening.hpp"
#include "report/finding_text.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

// A clean report that fails for this reason.
Report failing(const std::string& subject, const std::string& text, Outcome outcome = Outcome::fail) {
  Report report = cleanReport();
  report.verdict = {outcome, {{subject, text}}, {}, {}};
  return report;
}

GateResult resultOf(Report report) {
  GateResult result;
  result.name = report.scenario.name = "login";
  result.outcome = report.verdict.outcome;
  result.report = std::move(report);
  return result;
}

}  // namespace

TEST_CASE("a leak: what, how much, where, called from where, and the command") {
  Report report = leakyReport();
  report.verdict = {
      Outcome::fail, {{report.findings[0].fingerprint, findingLine(report.findings[0])}}, {}, {}};
  report.findings[0].stacks = {{{0, 1}, {0, 8}, 1, 8, false, "0123456789abcdef", report.findings[0].stack}};
  Frame caller;
  caller.function = "login";
  caller.file = "src/login.cpp";
  caller.line = 12;
  caller.owner = Owner::user;
  report.findings[0].stacks[0].frames.push_back(caller);
  const auto reasons = redReasons({resultOf(report)}, "leakgate gate");
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].what.starts_with("LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request"));
  CHECK(reasons[0].what.find('(') == std::string::npos);
  CHECK(reasons[0].place == "at src/event.cpp:88, called from login src/login.cpp:12");
  CHECK(reasons[0].reproduce == report.reproduce);
  CHECK(reasons[0].bytes == 136'000);
  CHECK(reasons[0].fingerprint == report.findings[0].fingerprint);
  CHECK(reasons[0].file == "src/event.cpp");
  CHECK(reasons[0].line == 88);
}

TEST_CASE("the worst comes first, and each kind has the command that repeats it") {
  Report leak = leakyReport();
  leak.verdict = {Outcome::fail, {{leak.findings[0].fingerprint, findingLine(leak.findings[0])}}, {}, {}};
  GateResult died;
  died.name = "dead";
  died.outcome = Outcome::cannotMeasure;
  died.error = "the target died\nits last output";
  GateResult gone;
  gone.name = "gone";
  gone.outcome = Outcome::badInput;
  gone.error = "baselines/gone.json: found no scenario of this name";
  Report more =
      failing("allocations_per_request", "WORSE  allocations_per_request is 3 blocks, was 0 blocks");
  const std::vector<GateResult> results{
      resultOf(failing(std::string(kLoosened) + "m", "LOOSENED  m: 3 B, was 0 B in main")),
      resultOf(failing("latency_drift_percent", "SLOWER  latency  +12 %")),
      resultOf(more),
      resultOf(failing("unexpected_answers", "3 unexpected responses")),
      resultOf(leak),
      died,
      gone};
  const auto reasons = redReasons(results, "leakgate gate --base-ref main");
  std::string kinds;
  for (const auto& reason : reasons) kinds += std::string(toString(reason.kind)) + ", ";
  CHECK(kinds == "bad input, not measured, leak, unexpected response, count, slowdown, loosened, ");
  CHECK(reasons[1].what == "the target died");
  CHECK(reasons[1].reproduce == "leakgate gate --base-ref main dead");
  CHECK(reasons[2].reproduce == leak.reproduce);
  CHECK(reasons[4].reproduce == "leakgate gate --base-ref main login");  // `run` has no baseline
  CHECK(reasons[6].reproduce == "leakgate gate --base-ref main login");
}

TEST_CASE("the largest leak is the first of them") {
  Report small = leakyReport();
  Report large = leakyReport();
  large.findings[0].growth.bytes.back() = 1'000'000;
  for (Report* report : {&small, &large})
    report->verdict = {
        Outcome::fail, {{report->findings[0].fingerprint, findingLine(report->findings[0])}}, {}, {}};
  const auto reasons = redReasons({resultOf(small), resultOf(large)}, "leakgate gate");
  CHECK(reasons[0].bytes == 1'000'000);
}

TEST_CASE("a count has no place of its own: where most of it comes from") {
  Report report = failing("allocations_per_request", "WORSE  allocations_per_request is 3 blocks");
  report.look.requests = 1000;
  report.sites = {{{"rare", "src/a.cpp", 1, "server", ""}, 0, 0, 0, 0, 10, 100},
                  {{"login", "src/login.cpp", 12, "server", ""}, 0, 0, 0, 0, 3000, 100}};
  CHECK(redReasons({resultOf(report)}, "g")[0].place == "most by login src/login.cpp:12, 3 a request");
}

TEST_CASE("what is no finding has an identity of its own, the same in the next run") {
  const auto fingerprintOf = [](const std::string& subject, const std::string& text) {
    return redReasons({resultOf(failing(subject, text))}, "g").at(0).fingerprint;
  };
  const std::string first = fingerprintOf("allocations_per_request", "WORSE  allocations_per_request is 3");
  CHECK(first.size() == 16);
  CHECK(first == fingerprintOf("allocations_per_request", "WORSE  allocations_per_request is 4"));
  CHECK(first != fingerprintOf("live_bytes_growth", "WORSE  live_bytes_growth is 3"));
}

TEST_CASE("a drift of the latency has its finding's fingerprint") {
  Report report = leakyReport();
  report.findings[0].growth.kind = FindingKind::slowdown;
  report.verdict = {Outcome::fail,
                    {{"latency_drift_percent", findingLine(report.findings[0]) + " (in each of 5 runs)"}},
                    {},
                    {}};
  const auto reasons = redReasons({resultOf(report)}, "g");
  CHECK(reasons.at(0).fingerprint == report.findings[0].fingerprint);
  CHECK((reasons.at(0).kind == RedKind::slowdown));
}
