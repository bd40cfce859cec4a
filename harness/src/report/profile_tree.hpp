// A profile as a tree of callers.
#pragma once

#include <string>

#include "report/profile_text.hpp"

namespace leakgate {

/// Lines of at most 80 columns for the heaviest branches, outermost function first. Frames without a branch
/// between them are one line, of the innermost. At most options.top lines, each with its share of the total.
std::string profileTree(const AllocationProfile& profile, const ProfiledPart& part,
                        const ProfileTextOptions& options);

}  // namespace leakgate
