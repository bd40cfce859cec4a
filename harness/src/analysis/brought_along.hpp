// One cause, one finding: resources that come with each leaked descriptor or thread are reported with it.
#pragma once

#include <vector>

#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Adds to descriptor findings what the descriptors are, and removes findings that they explain: epoll
/// registrations, locks, pages and watches behind a leaked descriptor, and the process of a popen(). Adds to
/// thread findings which heap block came with each thread.
void foldBroughtAlong(std::vector<Finding>& findings, const RunRecord& record);

}  // namespace leakgate
