// What changed between two reports of one scenario, as a page.
#pragma once

#include <string>

#include "gate/report_diff.hpp"
#include "html/page.hpp"

namespace leakgate {

/// A self-contained HTML document like runPage(): findings, counts, places and call stacks, the older beside the
/// newer. It carries both reports, up to kMaxDiffDataBytes: beyond, the older one lacks its profile. Read as a
/// report, it is the newer one.
std::string diffPage(const ReportDiff& diff, const Report& before, const Report& after,
                     const PageContext& context);

inline constexpr std::size_t kMaxDiffDataBytes = 600'000;

}  // namespace leakgate
