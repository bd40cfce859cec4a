#include "cli/red_reasons.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "cli/gate_text.hpp"
#include "gate/loosening.hpp"
#include "replay/measure_error.hpp"
#include "report/finding_text.hpp"
#include "report/sample_report.hpp"
#include "session/fake_gate.hpp"

using namespace leakgate;

namespace {

std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

RedReason reasonNumber(int number, const std::string& scenario) {
  return {RedKind::count,
          0,
          scenario,
          "WORSE  metric_" + std::to_string(number) + " is 3 blocks, was 0 blocks",
          "most by login src/login.cpp:12, 3 a request",
          "leakgate gate " + scenario};
}

std::vector<RedReason> reasonsOf(int count, int perScenario) {
  std::vector<RedReason> reasons;
  for (int i = 0; i < count; ++i)
    reasons.push_back(reasonNumber(i, "scenario_" + std::to_string(i / perScenario)));
  return reasons;
}

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

TEST_CASE("a leak on the first screen: what, how much, where, called from where, and the command") {
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

TEST_CASE("all reasons fit on one screen, with as much about each as there is room for") {
  CHECK(firstScreen({}).empty());
  struct Row {
    int reasons;
    int perScenario;
    std::size_t commands;
    bool places;
  };
  for (const Row& row : {Row{1, 1, 1, true}, Row{7, 1, 7, true}, Row{9, 9, 1, true}, Row{18, 3, 1, false},
                         Row{500, 3, 1, false}}) {
    CAPTURE(row.reasons);
    const std::string text = firstScreen(reasonsOf(row.reasons, row.perScenario));
    const auto lines = linesOf(text);
    CHECK(lines.size() <= kScreenLines);
    CHECK(std::all_of(lines.begin(), lines.end(),
                      [](const auto& line) { return line.size() <= kScreenColumns; }));
    CHECK(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
            return line.find("reproduce  ") != std::string::npos;
          }) == static_cast<std::ptrdiff_t>(row.commands));
    CHECK((text.find("src/login.cpp:12") != std::string::npos) == row.places);
    const int shown = std::min(row.reasons, 18);
    for (int i = 0; i < shown; ++i)
      CHECK(text.find("metric_" + std::to_string(i) + " ") != std::string::npos);
  }
  CHECK(firstScreen(reasonsOf(500, 3)).find("\n   and 482 more, above\n") != std::string::npos);
}

TEST_CASE("long lines are broken, commands so that they can be copied") {
  RedReason reason = reasonNumber(1, "login");
  reason.what = "LEAK  " + std::string(60, 'f') + "  +1.000 blocks, +17 B per request of step login";
  reason.reproduce =
      "build/release/bin/leakgate run scenarios/login.json --depth stacks --suppressions known.supp";
  const std::string text = firstScreen({reason});
  for (const auto& line : linesOf(text)) CHECK(line.size() <= kScreenColumns);
  CHECK(text.find(" \\\n") != std::string::npos);
}

TEST_CASE("the screen is the end of the gate's text") {
  FakeGate gate;
  gate.add("leaky", [] { return leakyReport(); });
  gate.add("dead", []() -> Report { throw MeasureError("the target died"); });
  const std::string text = gateText(gate.run(), {12});
  const auto at =
      text.find("\nRED  2 reasons in 2 scenarios, the worst first:\n 1 the target died\n    dead\n");
  REQUIRE(at != std::string::npos);
  CHECK(linesOf(text.substr(at + 1)).size() <= 24);
  CHECK(text.find(" 2 LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request", at) !=
        std::string::npos);
}
