// Writes a profile for people: who allocates most, per request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "report/report.hpp"

namespace leakgate {

/// What the rows of a profile are ordered by, and what their shares are of.
enum class ProfileBy { allocations, bytes, live };

std::string_view toString(ProfileBy by);

struct ProfileTextOptions {
  ProfileBy by = ProfileBy::allocations;
  std::size_t top = 10;  ///< rows
  bool tree = false;     ///< by callers, from the outermost; otherwise a list of stacks
  std::string step;      ///< of that step alone; "": of all steps mixed
};

/// What became of a stack's allocations: "freed" in their block of requests, "later", "kept", "mixed" if they
/// differ, "-" without allocations.
std::string_view lifetimeOf(const AllocationCounts& counts);

/// The amount that rows are ordered by, 0 or more: allocations, bytes, live bytes.
std::uint64_t amountOf(const AllocationCounts& counts, ProfileBy by);

/// At most 10 columns: "3", "0.125", "1,234.5", "12.3 M".
std::string perRequestText(std::uint64_t amount, std::uint64_t requests);

/// At most `columns`: the end of a name that is longer, behind "...".
std::string shortened(const std::string& name, std::size_t columns);

/// The part with that step's name, or nullptr. "": the mix.
const ProfiledPart* findPart(const AllocationProfile& profile, std::string_view step);

/// Several lines of at most 80 columns, each ending in a newline. Preconditions: the report has a profile, and
/// that a part for options.step.
std::string profileText(const Report& report, const ProfileTextOptions& options);

}  // namespace leakgate
