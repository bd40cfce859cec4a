// Measures a scenario and builds its report: replay, analysis, symbols. Shared by `run` and `gate`.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "analysis/analyse.hpp"
#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "report/naming.hpp"
#include "report/report.hpp"
#include "session/confirmed_run.hpp"
#include "session/installation.hpp"
#include "session/step_profiles.hpp"
#include "symbols/symbolizer.hpp"

namespace leakgate {

/// Default time limits: for a scenario, and for its target to become ready.
inline constexpr unsigned kMaxSeconds = 900;
inline constexpr unsigned kReadySeconds = 10;

enum class SelfAuditing { no, yes };

struct MeasureOptions {
  Depth depth = Depth::sites;
  bool escalates = false;  ///< replays with stacks when something grew at depth sites
  bool extends = true;     ///< adds blocks while something is still rising; counts do not depend on it
  std::string reproduce;   ///< command line that repeats it
  std::stop_token stop;
  std::vector<Suppression> suppressions = {};
  SelfAuditing selfAuditing = SelfAuditing::no;    ///< yes: once for each command of a target
  std::uint64_t seeRequests = 0;                   ///< see fullSteering()
  std::function<void(std::string_view)> say = {};  ///< called with a line when it escalates; may be empty
  std::chrono::seconds maxTime{kMaxSeconds};       ///< for all of it, repeats and explain() included
  bool isRepeat = false;  ///< of the scenario measured last: uses the rest of its time
  std::chrono::seconds readyTime{kReadySeconds};  ///< for the target to become ready
  OpenLoop openLoop = {};
};

/// Options for a repeat of `first`: only the parts that counts need, and added blocks depending on `how`.
MeasureOptions repeatOptions(const MeasureOptions& first, Repeat how);

/// Replays scenarios on this machine. Keeps debug information between runs.
/// Threads: one owner, which must outlive every measure().
class Measurer {
 public:
  Measurer();

  /// The report has no verdict yet. A failed replay with stacks does not affect the first one: the report
  /// says why there are no stacks. A replay that ends early makes the report partial (Report::end); so does a
  /// request to stop. Errors: MeasureError, Interrupted, InputError as replay().
  Report measure(const Scenario& scenario, const MeasureOptions& options, Progress& progress);

  /// Adds what the growth follows to a judged report that fails, by experiments within `limit`, or within the
  /// rest of measure()'s time. A request to stop makes the report partial.
  void explain(Report& report, std::chrono::seconds limit, std::stop_token stop, Progress& progress);

  /// Adds to a report of depth stacks the profile of each step alone, within the rest of measure()'s time. A
  /// request to stop makes the report partial.
  void profileSteps(Report& report, const std::stop_token& stop, Progress& progress,
                    const StepBegins& begins);

  /// Adds to a report how many instructions its requests cost, by function, within the rest of measure()'s time. A
  /// request to stop makes the report partial. Errors: as instructionsOf().
  void addInstructions(Report& report, std::stop_token stop, Progress& progress) const;

  /// Adds to a report which system calls its requests cost, within the rest of measure()'s time. A request to stop
  /// makes the report partial. Errors: as systemCallsOf().
  void addSystemCalls(Report& report, std::stop_token stop, Progress& progress) const;

  /// Options for a replay with this installation.
  ReplayOptions replayOptions(Depth depth, std::stop_token stop) const;

 private:
  struct Replayed {
    RunRecord record;
    Analysis analysis;
  };

  using Clock = std::chrono::steady_clock;

  Replayed replayAt(Depth depth, const std::string& stackFilter, Steering steering, const Scenario& scenario,
                    const MeasureOptions& options, std::optional<Clock::time_point> followUntil,
                    Progress& progress) const;
  std::optional<Replayed> replayAgain(const Replayed& first, const Scenario& scenario,
                                      const MeasureOptions& options, Progress& progress,
                                      std::string& problem) const;
  std::optional<RunRecord> slowsAgain(Replayed& first, const Scenario& scenario,
                                      const MeasureOptions& options, Progress& progress,
                                      std::string& problem) const;
  Naming naming();
  ReplayOptions costOptions(std::stop_token stop) const;
  ShimCost costOf(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

  /// The deadline of the scenario measured last, including repeats.
  Clock::time_point deadline_ = Clock::time_point::max();
  std::chrono::seconds readyTime_{kReadySeconds};  ///< of its target
  Installation installation_;
  Environment machine_;
  Symbolizer symbolizer_;
  std::map<std::vector<std::string>, ShimCost>
      costs_;  ///< by the target's command, before {port} is filled in
};

}  // namespace leakgate
