#include "replay/runner.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>

#include "replay/temporary_directory.hpp"
#include "tiny_scenario.hpp"

using namespace leakgate;

namespace {

ReplayOptions withoutShim() {
  ReplayOptions options;
  options.depth = Depth::none;
  return options;
}

class Transcript final : public Progress {
 public:
  void started(std::string_view phase, std::uint64_t total) override {
    text += std::string(phase) + " " + std::to_string(total) + "\n";
    ++open;
  }
  void advanced(std::uint64_t) override {}
  void finished(std::string_view) override { --open; }
  std::string text;
  int open = 0;
};

std::string errorOf(const Scenario& scenario, const ReplayOptions& options) {
  SilentProgress progress;
  try {
    replay(scenario, options, progress);
  } catch (const MeasureError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a whole replay") {
  const Scenario scenario = tinyScenario("echo");
  Transcript progress;
  const RunRecord record = replay(scenario, withoutShim(), progress);
  CHECK(progress.text ==
        "start 0\nwarm-up 10\nsettle 0\nblock 1 20\nsettle 0\nblock 2 20\nsettle 0\nblock 3 40\nsettle "
        "0\nblock 4 "
        "80\nsettle 0\nstop 0\n");
  CHECK(progress.open == 0);
  REQUIRE(record.checkpoints.size() == 5);
  const std::uint64_t requests[] = {0, 20, 40, 80, 160};
  for (std::size_t k = 0; k < 5; ++k) {
    const Checkpoint& checkpoint = record.checkpoints[k];
    CHECK(checkpoint.name == (k == 0 ? "warm" : "block " + std::to_string(k)));
    CHECK(checkpoint.requests == requests[k]);
    CHECK(checkpoint.settled);
    CHECK(checkpoint.block.unexpected == 0);
    CHECK(checkpoint.block.connectionsOpened == (k == 0 ? 2 : 0));
    CHECK(checkpoint.process.processes == 1);
    CHECK(checkpoint.process.descriptors == record.checkpoints[0].process.descriptors);
    CHECK(checkpoint.process.cpuNs > 0);
  }
  CHECK(record.checkpoints[4].block.byStep == std::vector<std::uint64_t>{80});
  CHECK(record.windows.size() == kLatencyWindows);
  CHECK(record.latency.requests == 160);
  CHECK(record.appMetricsWarm.at("served") == 10);
  CHECK(record.appMetricsLast.at("served") == 170);
  CHECK(record.exitStatus == 0);
  CHECK(record.drained);
  CHECK(record.extensions == 0);
  CHECK(record.command.at(0) == TINY_TARGET);
  CHECK(record.startedAt.size() == 20);
  CHECK(record.scenario.hash == scenario.hash);
}

TEST_CASE("an open loop follows the planned blocks, and is in none of their counts") {
  ReplayOptions options = withoutShim();
  options.openLoop = {40, 4'000};
  Transcript progress;
  const RunRecord record = replay(tinyScenario("echo"), options, progress);
  CHECK(progress.text.ends_with("block 4 80\nsettle 0\nopen loop 40\nstop 0\n"));
  CHECK(record.openLoop.requests == 40);
  CHECK(record.openLoop.p50Ns > 0);
  CHECK(record.latency.requests == 160);
  CHECK(record.checkpoints.size() == 5);
  CHECK(record.checkpoints.back().requests == 160);
  CHECK(record.appMetricsLast.at("served") == 170);
}

TEST_CASE("blocks are added as the steering decides, and sampled; latencies are of the planned ones") {
  ReplayOptions options = withoutShim();
  std::vector<std::uint64_t> asked;
  options.steering.nextBlock = [&](const RunRecord& record) {
    const std::uint64_t measured = record.checkpoints.back().requests;
    asked.push_back(measured);
    return NextBlock{measured < 640 ? measured : 0, measured < 640 ? LookEnd::decided : LookEnd::requests};
  };
  SilentProgress progress;
  const RunRecord record = replay(tinyScenario("echo"), options, progress);
  CHECK(asked == std::vector<std::uint64_t>{160, 320, 640});
  CHECK(record.extensions == 2);
  CHECK(record.lookEnd == LookEnd::requests);
  CHECK(record.checkpoints.size() == 7);
  CHECK(record.checkpoints.back().requests == 640);
  CHECK(record.latency.requests == 160);
  CHECK(record.idle.empty());
  REQUIRE(record.samples.size() >= 16);
  for (std::size_t k = 1; k < record.samples.size(); ++k) {
    CHECK(record.samples[k].requests > record.samples[k - 1].requests);
    CHECK(record.samples[k].atNs > record.samples[k - 1].atNs);
  }
  CHECK(record.samples.front().requests > 160);
}

TEST_CASE("no block is added that would end after the deadline or take too long") {
  ReplayOptions options = withoutShim();
  options.steering.nextBlock = [](const RunRecord&) { return NextBlock{160, LookEnd::decided}; };
  options.addedBlocksTime = std::chrono::seconds(0);
  SilentProgress progress;
  const RunRecord slow = replay(tinyScenario("echo"), options, progress);
  CHECK(slow.lookEnd == LookEnd::time);
  CHECK(slow.extensions == 2);  // however slow
  options.steering.nextBlock = [](const RunRecord&) { return NextBlock{1'000'000'000, LookEnd::decided}; };
  options.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  const RunRecord record = replay(tinyScenario("echo"), options, progress);
  CHECK(record.lookEnd == LookEnd::time);
  CHECK(record.extensions == 0);
}

TEST_CASE("a cool-down, and rounds of requests and rest") {
  ReplayOptions options = withoutShim();
  options.steering.wantsCoolDown = [](const RunRecord&) { return true; };
  options.steering.keepsWaiting = [](const RunRecord& record) { return record.idle.size() < 5; };
  options.steering.nextRound = [](const RunRecord& record) {
    return NextRound{record.rests.size() < 3 ? 80U : 0U, record.rests.size() < 2};
  };
  SilentProgress progress;
  const RunRecord record = replay(tinyScenario("echo"), options, progress);
  CHECK(record.idle.size() == 5);
  CHECK(record.checkpoints.size() == 5);
  REQUIRE(record.rests.size() == 3);
  CHECK(record.rests[0].block.requests == 170);  // the warm-up too: growth is taken from before it
  CHECK(record.rests[1].block.requests == 80);
  CHECK(record.rests[2].requests == 320);
  REQUIRE(record.start.has_value());
  CHECK(record.start->atNs < record.checkpoints[0].atNs);
  CHECK(record.idle.front().atNs > record.checkpoints.back().atNs);
  CHECK(record.limits.descriptors > 0);
}

TEST_CASE("a target that cannot be measured is named with its last output") {
  ReplayOptions options = withoutShim();
  CHECK(errorOf(tinyScenario("exit"), options) ==
        "the target ended by itself with exit code 3\nThe target's last output:\n  first line\n  config file "
        "missing\n");
  options.readyTimeout = std::chrono::milliseconds(2'000);
  CHECK(
      errorOf(tinyScenario("unready"), options) ==
      "the target was not ready within 2000 ms: GET /health: status 503, expected 200; one that loads longer "
      "needs target.ready_ms in the scenario, or --ready-seconds\nThe target wrote nothing.");
  const std::string crash = errorOf(tinyScenario("crash"), withoutShim());
  CAPTURE(crash);
  CHECK(crash.starts_with("the target was ended by signal 6 (Aborted) with no response to request "));
  options = withoutShim();
  options.responseTimeout = std::chrono::milliseconds(200);
  CHECK(errorOf(tinyScenario("silent"), options).starts_with("no response to request "));
  Scenario text = tinyScenario("echo");
  text.target.metrics = "/text";
  CHECK(errorOf(text, withoutShim())
            .starts_with("target.metrics: GET /text: found text/plain, expected a JSON object"));
}

TEST_CASE("a target that ignores SIGTERM is killed at the drain deadline") {
  ReplayOptions options = withoutShim();
  options.drainTimeout = std::chrono::milliseconds(100);
  SilentProgress progress;
  const RunRecord record = replay(tinyScenario("stubborn"), options, progress);
  CHECK_FALSE(record.drained);
  CHECK(record.exitStatus == 137);
}

TEST_CASE("a program that is not there is an input error") {
  Scenario scenario = tinyScenario("echo");
  scenario.target.command[0] = "no-such-server-x";
  SilentProgress progress;
  CHECK_THROWS_AS(replay(scenario, withoutShim(), progress), InputError);
}

TEST_CASE("a request to stop ends the replay") {
  std::stop_source source;
  source.request_stop();
  ReplayOptions options = withoutShim();
  options.stop = source.get_token();
  SilentProgress progress;
  CHECK_THROWS_AS(replay(tinyScenario("echo"), options, progress), Interrupted);
}

TEST_CASE("a target that fails late leaves the checkpoints before") {
  SilentProgress progress;
  const RunRecord record = replay(tinyScenario("leak-crash"), withoutShim(), progress);
  CHECK(record.end == RunEnd::targetFailed);
  CHECK(record.endReason.starts_with(
      "the target was ended by signal 6 (Aborted) with no response to request "));
  CHECK(record.endReason.find("(step \"post\")") != std::string::npos);
  REQUIRE(record.checkpoints.size() == 4);
  CHECK(record.checkpoints.back().requests == 80);
}

namespace {

// Does something when a phase starts.
class AtPhase final : public Progress {
 public:
  AtPhase(std::string phase, std::function<void()> action)
      : phase_(std::move(phase)), action_(std::move(action)) {}
  void started(std::string_view phase, std::uint64_t) override {
    if (phase == phase_) action_();
  }
  void advanced(std::uint64_t) override {}
  void finished(std::string_view) override {}
  void noted(std::string_view text) override { notes.emplace_back(text); }
  std::vector<std::string> notes;

 private:
  std::string phase_;
  std::function<void()> action_;
};

}  // namespace

TEST_CASE("a request to stop and the end of time leave the checkpoints before") {
  std::stop_source source;
  ReplayOptions options = withoutShim();
  options.stop = source.get_token();
  AtPhase stopping("block 3", [&] { source.request_stop(); });
  const RunRecord stopped = replay(tinyScenario("echo"), options, stopping);
  CHECK(stopped.end == RunEnd::interrupted);
  CHECK(stopped.checkpoints.size() == 3);
  CHECK(stopped.drained);

  ReplayOptions timed = withoutShim();
  AtPhase late("block 2", [&] { timed.deadline = std::chrono::steady_clock::now(); });
  const RunRecord ended = replay(tinyScenario("echo"), timed, late);
  CHECK(ended.end == RunEnd::outOfTime);
  CHECK(ended.endReason.find("--max-seconds") != std::string::npos);
  CHECK(ended.checkpoints.size() == 2);
  REQUIRE(late.notes.size() == 1);  // that what is left takes longer
  CHECK(late.notes[0].ends_with("the run will end early, with a partial report"));

  AtPhase early("block 1", [&] { timed.deadline = std::chrono::steady_clock::now(); });
  timed.deadline.reset();
  CHECK_THROWS_AS(replay(tinyScenario("echo"), timed, early), OutOfTime);
}

TEST_CASE("a run that cannot reach the end of its first block reports it, before and after") {
  Scenario scenario = tinyScenario("echo");
  scenario.load.requests = 80'000'000;
  ReplayOptions timed = withoutShim();
  AtPhase soon("warm-up",
               [&] { timed.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2); });
  std::string message;
  try {
    replay(scenario, timed, soon);
  } catch (const OutOfTime& error) {
    message = error.what();
  }
  CHECK(message.find("before the first block of requests had ended, so there is nothing to report") !=
        std::string::npos);
  CHECK(message.find("wrote nothing") == std::string::npos);  // the target did nothing wrong
  REQUIRE(soon.notes.size() == 1);
  CHECK(soon.notes[0].ends_with(
      "the run will end early, perhaps before its first block, and then without a report"));
}

TEST_CASE("a target that fails before its first block ends is a failed target, with its last output") {
  SilentProgress progress;
  CHECK_THROWS_AS(replay(tinyScenario("exit"), withoutShim(), progress), TargetFailed);
}

TEST_CASE("time that is over for following growth takes nothing from what was planned") {
  ReplayOptions options = withoutShim();
  options.steering.nextBlock = [](const RunRecord&) { return NextBlock{160, LookEnd::requests}; };
  AtPhase planned("block 1", [&] { options.followUntil = std::chrono::steady_clock::now(); });
  const RunRecord record = replay(tinyScenario("echo"), options, planned);
  CHECK(record.end == RunEnd::whole);
  CHECK(record.checkpoints.back().requests == 160);
  CHECK(record.extensions == 0);
  CHECK(record.lookEnd == LookEnd::time);
  CHECK(planned.notes.empty());
}

TEST_CASE("the scenario's time to become ready goes before the command line's") {
  Scenario scenario = tinyScenario("unready");
  scenario.target.readyMs = 150;
  CHECK(errorOf(scenario, withoutShim()).starts_with("the target was not ready within 150 ms: "));
}

TEST_CASE("the log is kept in the given directory") {
  const TemporaryDirectory folder;
  ReplayOptions options = withoutShim();
  options.keepDirectory = folder.path() / "deep";
  errorOf(tinyScenario("exit"), options);
  std::ifstream log(folder.path() / "deep" / "target.log");
  std::string line;
  std::getline(log, line);
  CHECK(line == "first line");
}

TEST_CASE("with the shim: a leak is one block a request, a clean target grows by nothing") {
  for (const bool leaks : {true, false}) {
    ReplayOptions options;
    options.shimLibrary = SHIM_LIBRARY;
    SilentProgress progress;
    const RunRecord record = replay(tinyScenario(leaks ? "leak" : "echo"), options, progress);
    REQUIRE(record.checkpoints.size() == 5);
    for (std::size_t k = 1; k < 5; ++k) {
      const auto grown =
          record.checkpoints[k].memory.totals.liveBlocks() - record.checkpoints[0].memory.totals.liveBlocks();
      CHECK(record.checkpoints[k].settled);
      CHECK(record.checkpoints[k].memory.consistent);
      CHECK(record.checkpoints[k].memory.audit.eventsDropped == 0);
      // A list node and the string's characters.
      CHECK(grown == (leaks ? static_cast<std::int64_t>(2 * record.checkpoints[k].requests) : 0));
    }
    CHECK(record.drained);
  }
}

TEST_CASE("a shim that does not load is named") {
  ReplayOptions options;
  options.shimLibrary = TINY_TARGET;  // no library: the dynamic linker passes over it
  CHECK(errorOf(tinyScenario("echo"), options)
            .starts_with("the shim was not loaded: no process of the target counts"));
}
