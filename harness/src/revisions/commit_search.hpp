// Which commit to test next, and what is left.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "revisions/repository.hpp"

namespace leakgate {

/// The commit to test next: the one that halves the suspects best. Next to commits that could not be tested
/// the distance doubles with each of them (1, 2, 4 ... in the order of `suspects`), since what breaks a build
/// breaks its neighbours.
///
/// `suspects`: as of Repository::suspects(), the first bad commit so far in front. `skipped`: could not be
/// tested. Nothing when only the bad commit and skipped ones are left. Pure.
std::optional<std::string> nextCommit(const std::vector<Suspect>& suspects,
                                      const std::set<std::string>& skipped);

/// How many tests are still needed, at most, when none is skipped.
unsigned stepsLeft(const std::vector<Suspect>& suspects, const std::set<std::string>& skipped);

}  // namespace leakgate
