// Pairs the findings of two runs that are one defect.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// A finding's identity in its report.
struct FindingIdentity {
  std::string_view fingerprint;
  std::string_view site;  ///< for a part of a site's growth: the site's fingerprint; else ""
};

/// The older finding that a newer one is, and how similar their call stacks are.
struct FindingPair {
  std::size_t before = 0;
  double similarity = 1;
};

/// For each newer finding its older one, if there is one; one to one, by fingerprint. A site may be one
/// finding in one run and parts in the other, if only one run had stacks.
std::vector<std::optional<FindingPair>> pairFindings(std::span<const FindingIdentity> before,
                                                     std::span<const FindingIdentity> after);

/// The same with the findings themselves: those that no fingerprint pairs are paired by similar call stacks,
/// within one kind; see pairStacks().
std::vector<std::optional<FindingPair>> pairFindings(std::span<const NamedFinding* const> before,
                                                     std::span<const NamedFinding* const> after);

}  // namespace leakgate
