#include "session/base_revision.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "gate/suppressions.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "revisions/scratch_repository.hpp"
#include "scenario/input_error.hpp"
#include "session/accepted_baseline.hpp"
#include "session/fake_gate.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

// A gate in a repository: "main" has one clean scenario, "change" may do anything.
struct RepositoryGate : FakeGate {
  test::ScratchRepository checkout{workspace.file("")};
  std::optional<BaseRevision> base;

  RepositoryGate() {
    add("login", cleanReport);
    accept("login", cleanReport());
    writeAtomically(workspace.file("leaks.supp"), "leak:known\n");
    checkout.commit({}, "Start");
    checkout.git({"checkout", "--quiet", "-b", "change"});
    plan.wholeFolder = true;
  }

  std::vector<GateResult> runAgainst(const std::string& ref) {
    base = readBaseRevision(
        ref, {workspace.file("scenarios"), workspace.file("baselines"), workspace.file("leaks.supp")});
    plan.base = &*base;
    plan.suppressions = suppressionsOf(workspace.file("leaks.supp").string());
    return run();
  }

  void setBudget(const std::string& metric, double max) const {
    const auto file = workspace.file("scenarios/login.json");
    auto json = nlohmann::json::parse(readWhole(file));
    json["budgets"][metric] = {{"max", max}};
    writeAtomically(file, json.dump());
  }

  // As `leakgate accept login --reason TEXT`.
  void acceptLeak(const std::string& reason) const {
    Report report = leakyReport();
    report.scenario = loadScenario(workspace.file("scenarios/login.json"));
    AcceptedBaseline accepted = acceptedBaseline(report, workspace.file("baselines"));
    if (!reason.empty()) logReason(accepted, reason);
    writeAtomically(accepted.file, toText(accepted.baseline));
  }
};

std::vector<std::string> loosenedLines(const GateResult& result) {
  std::vector<std::string> lines;
  for (const auto& failure : result.report->verdict.failures)
    if (failure.text.starts_with("LOOSENED")) lines.push_back(failure.text);
  return lines;
}

bool starts(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.starts_with(text); });
}

}  // namespace

TEST_CASE("leak and accept in one commit: green by its own files, LOOSENED against the base") {
  RepositoryGate gate;
  gate.measured["login"] = [] { return leakyReport(); };
  for (const char* metric :
       {"live_bytes_per_request", "live_blocks_per_request", "live_bytes_growth", "live_blocks_growth"})
    gate.setBudget(metric, 1'000'000);
  gate.acceptLeak("sessions are kept");
  gate.checkout.commit({}, "Leak, and accept it");

  CHECK(toString(gate.run()[0].outcome) == "pass");

  const auto results = gate.runAgainst("main");
  CHECK(exitCodeOf(worstOf(results)) == 1);
  const auto lines = loosenedLines(results[0]);
  CHECK(starts(lines,
               "LOOSENED  live_bytes_per_request: at most 1,000,000 B, was 0 B in main; reason: sessions "
               "are kept (20"));
  CHECK(starts(lines,
               "LOOSENED  live_blocks_growth: at most 1,000,000 blocks, was 0 blocks in main; reason: "));
  const Report written = readReport(gate.workspace.file("latest/login.json"));
  CHECK(written.verdict.failures == results[0].report->verdict.failures);

  gate.plan.allowLoosened = true;
  const auto allowed = gate.runAgainst("main");
  CHECK(exitCodeOf(worstOf(allowed)) == 0);
  CHECK(starts(allowed[0].report->verdict.notes, "LOOSENED  live_bytes_per_request: "));
}

TEST_CASE("an accept without a leak: the count that it raised, and a change that loosens nothing") {
  RepositoryGate gate;
  CHECK(exitCodeOf(worstOf(gate.runAgainst("main"))) == 0);
  gate.measured["login"] = [] { return allocating(3, std::nullopt, 3); };
  gate.accept("login", allocating(3, std::nullopt, 3));
  CHECK(
      loosenedLines(gate.runAgainst("main")[0]) ==
      std::vector<std::string>{"LOOSENED  allocations_per_request: 3 blocks, was 0 blocks in main; no reason "
                               "given: leakgate accept login --reason TEXT"});
}

TEST_CASE("a scenario and a suppression cannot come and go unseen") {
  RepositoryGate gate;
  gate.add("other", cleanReport);
  fs::remove(gate.workspace.file("scenarios/login.json"));
  fs::remove(gate.workspace.file("baselines/login.json"));
  gate.plan.scenarios.erase(gate.plan.scenarios.begin());
  writeAtomically(gate.workspace.file("leaks.supp"), "leak:known\nleak:*\n");
  const auto results = gate.runAgainst("main");
  REQUIRE(results.size() == 3);
  CHECK(results[1].error == "LOOSENED  scenario: gone, was gated in main");
  CHECK(results[1].name == "login");
  CHECK(results[2].error.starts_with("LOOSENED  suppression leak:*: "));
  CHECK(exitCodeOf(worstOf(results)) == 1);
  gate.plan.allowLoosened = true;
  const auto allowed = gate.runAgainst("main");
  CHECK(exitCodeOf(worstOf(allowed)) == 0);
  CHECK(allowed[1].notes == std::vector<std::string>{results[1].error});
  gate.plan.wholeFolder = false;  // scenarios were named
  CHECK(gate.runAgainst("main").size() == 1);
}

TEST_CASE("a folder that the base does not have yet is empty") {
  RepositoryGate gate;
  const BaseRevision base = readBaseRevision(
      "main",
      {gate.workspace.file("elsewhere"), gate.workspace.file("none"), gate.workspace.file("no.supp")});
  CHECK(base.scenarios.empty());
  CHECK(base.baselines.empty());
  CHECK(base.suppressions.empty());
}

TEST_CASE("a base that cannot be read is named") {
  RepositoryGate gate;
  const auto messageOf = [&](const std::string& ref, const BaseFolders& folders) {
    try {
      readBaseRevision(ref, folders);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  const fs::path scenarios = gate.workspace.file("scenarios");
  const fs::path baselines = gate.workspace.file("baselines");
  CHECK(messageOf("no-such", {scenarios, baselines, ""}).starts_with("--base-ref: found \"no-such\""));
  CHECK(messageOf("main", {scenarios, "/proc", ""}).starts_with("--base-ref: found /proc, which is not in "));
  writeAtomically(scenarios / "bad.json", "{");
  gate.checkout.commit({}, "A scenario that is none");
  CHECK(messageOf("HEAD", {scenarios, baselines, ""}).starts_with("HEAD:scenarios/bad.json: "));
  const Workspace outside;
  writeAtomically(outside.file("scenarios/a.json"), "{}");
  CHECK(messageOf("main", {outside.file("scenarios"), baselines, ""}).find("git") != std::string::npos);
}
