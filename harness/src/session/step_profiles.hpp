// Profiles each step of a scenario alone.
#pragma once

#include <functional>
#include <string_view>

#include "replay/runner.hpp"
#include "report/allocation_profile.hpp"
#include "report/naming.hpp"

namespace leakgate {

/// Called before the replay of each step: its name, its number from 1, and how many there are.
using StepBegins = std::function<void(std::string_view step, std::size_t number, std::size_t count)>;

/// Adds the counts of each step alone to the profile of the mix. While steps are mixed, no count says which
/// request an allocation was for. Each replay starts the target anew, so that nothing of another step is in
/// its counts. Any response is accepted: ProfiledPart::responses says what came. A scenario of one step needs
/// no replay, and of one with more than kMaxStepsAlone the most frequent are taken.
///
/// A replay that fails has its reason in ProfiledPart::problem. Out of time, or asked to stop, the steps that
/// are left are absent. Errors: InputError as replay().
void addStepProfiles(AllocationProfile& profile, const Scenario& scenario, const ReplayOptions& options,
                     const Naming& naming, Progress& progress, const StepBegins& begins);

}  // namespace leakgate
