#include "session/step_profiles.hpp"

#include <algorithm>

#include "report/profile_builder.hpp"
#include "scenario/first_line.hpp"
#include "trigger/plan.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kStepRequests = 800;
constexpr std::uint64_t kPausedStepRequests = 80;  // every request takes the time of its pause

void shorten(Scenario& scenario) {
  const Step& step = scenario.steps.front();
  const bool pauses = step.stallMs != 0 || step.slowReadMs != 0;
  const std::uint64_t requests = pauses ? kPausedStepRequests : kStepRequests;
  scenario.load.requests = std::min(scenario.load.requests, requests);
  scenario.load.warmup = std::min(scenario.load.warmup, requests);
}

}  // namespace

void addStepProfiles(AllocationProfile& profile, const Scenario& scenario, const ReplayOptions& options,
                     const Naming& naming, Progress& progress, const StepBegins& begins) {
  if (scenario.steps.size() < 2) return;
  ProfileBuilder builder(profile, naming);
  std::vector<ProfiledPart> steps;
  auto plan = planAlone(scenario, {});
  for (PlannedExperiment& planned : plan) {
    if (options.stop.stop_requested()) break;
    if (begins) begins(planned.name, steps.size() + 1, plan.size());
    shorten(planned.scenario);
    ProfiledPart part;
    try {
      const RunRecord record = replay(planned.scenario, options, progress);
      part = builder.part(record);
      part.problem = firstLine(record.endReason);
    } catch (const Interrupted&) {
      break;
    } catch (const OutOfTime&) {
      break;
    } catch (const MeasureError& error) {
      part.problem = firstLine(error.what());
    }
    part.step = planned.name;
    steps.push_back(std::move(part));
  }
  profile = builder.take(std::move(profile.mix), std::move(steps));
}

}  // namespace leakgate
