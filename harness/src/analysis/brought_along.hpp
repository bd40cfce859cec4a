// One cause, one finding: what comes with each leaked descriptor or thread is said with it.
#pragma once

#include <vector>

#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Says of descriptor findings what the descriptors are, and takes out findings that they explain: epoll
/// registrations, locks, pages and watches that stand behind a leaked descriptor, and the process of a
/// popen(); and of thread findings which heap block each thread brought.
void foldBroughtAlong(std::vector<Finding>& findings, const RunRecord& record);

}  // namespace leakgate
