// Checks the meaning of a scenario, beyond the types of its fields.
#pragma once

#include "scenario/input_error.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// Checks a scenario that was built or changed in code (by command line options) and updates its hash.
/// Errors: InputError that names the field.
void checkScenario(Scenario& scenario);

}  // namespace leakgate
