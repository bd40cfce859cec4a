#include "cli/gate_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/gate_summary.hpp"
#include "replay/measure_error.hpp"
#include "report/atomic_file.hpp"
#include "report/sample_report.hpp"
#include "session/fake_gate.hpp"

using namespace leakgate;

TEST_CASE("what the gate prints") {
  FakeGate gate;
  gate.add("clean", cleanReport);
  gate.add("leaky", [] { return leakyReport(); });
  gate.add("dead", []() -> Report { throw MeasureError("the target died"); });
  const auto results = gate.run();
  const std::string text = gateText(results, {12});
  CHECK(text.find("scenario  verdict         requests  live growth  allocs/request") == 0);
  CHECK(text.find("\nFAIL  leaky\n  LEAK  h3::Event::setContext  +1.000 blocks") != std::string::npos);
  CHECK(text.find("reproduce  leakgate run scenarios/sample.json") != std::string::npos);
  CHECK(text.find("\nCANNOT MEASURE  dead\n  the target died\n") != std::string::npos);
  CHECK(text.find("PASS  clean") == std::string::npos);  // quiet about what went well
  CHECK(text.find("\n2 of 3 scenarios have no baseline yet.") != std::string::npos);
  CHECK(text.find("\nCANNOT MEASURE  1 of 3 scenarios passed in 12 s\n") != std::string::npos);

  const auto json = nlohmann::json::parse(toText(summaryOf(results, "leakgate gate")));
  CHECK(json["exit_code"] == 3);
  CHECK(json["scenarios"][1]["outcome"] == "fail");
  CHECK(json["scenarios"][2]["report"].is_null());
}

TEST_CASE("a report that cannot be written is bad input, but the measurement is printed") {
  FakeGate gate;
  gate.add("leaky", [&] {
    writeAtomically(gate.workspace.file("latest"), "a file where the folder was to be");
    return leakyReport();
  });
  const auto results = gate.run();
  CHECK(toString(results[0].outcome) == "bad input");
  const std::string text = gateText(results, {1});
  CHECK(text.find("latest: cannot make the folder") != std::string::npos);
  CHECK(text.find("\n  LEAK  h3::Event::setContext") != std::string::npos);
  CHECK(text.find("\n  report ") == std::string::npos);
  CHECK(
      nlohmann::json::parse(toText(summaryOf(results, "leakgate gate")))["scenarios"][0]["report"].is_null());
}

TEST_CASE("what was measured in part is no first baseline") {
  FakeGate gate;
  gate.add("partial", [] {
    Report report = cleanReport();
    report.end = RunEnd::interrupted;
    return report;
  });
  const auto results = gate.run();
  const std::string text = gateText(results, {1});
  CHECK(text.find("no baseline") == std::string::npos);
  CHECK(text.find("leakgate accept") == std::string::npos);
}

TEST_CASE("a count that got worse comes with the place where something rose once") {
  FakeGate gate;
  gate.add("pool", [] {
    return reportOf(RecordBuilder().site(RecordBuilder::at(0x2000), {5, 5, 6, 6, 6}, {80, 80, 96, 96, 96}));
  });
  const std::string line =
      "\n  observed   rose once: +1 blocks, +16 B, h3::Event::setContext src/event.cpp:88\n";
  CHECK(gateText(gate.run(), {1}).find("observed") == std::string::npos);  // passes without a baseline
  Report accepted = cleanReport();
  accepted.scenario = loadScenario(gate.workspace.file("scenarios/pool.json"));
  writeAtomically(gate.workspace.file("baselines/pool.json"), toText(reduce(accepted)));
  const std::string text = gateText(gate.run(), {1});
  CHECK(
      text.find(
          "\n  WORSE  live_blocks_growth is 1 blocks, was 0 blocks in the baseline (in each of 5 runs)\n") !=
      std::string::npos);
  CHECK(text.find(line) != std::string::npos);
}

TEST_CASE("a baseline without a scenario is printed as bad input") {
  FakeGate gate;
  gate.add("here", cleanReport);
  gate.accept("here", cleanReport());
  writeAtomically(gate.workspace.file("baselines/gone.json"), toText(reduce(cleanReport())));
  gate.plan.wholeFolder = true;
  CHECK(gateText(gate.run(), {1}).find("\nBAD INPUT  gone\n") != std::string::npos);
}
