// The numbers of a run, or of two, as a history has them: without a report there is no more.
#pragma once

#include <string>
#include <vector>

#include "history/history_run.hpp"
#include "history/history_store.hpp"
#include "html/page.hpp"

namespace leakgate {

/// One run of a history.
struct RunPageInput {
  HistoryRun run;
  std::vector<RunHeader> others;  ///< runs of the same scenario to compare it with, newest first
  bool hasReport = false;         ///< there is a whole report of it
};

/// Commit, machine, all values, and the ways to a comparison with each of the others.
std::string valuesPage(const RunPageInput& input, const PageSite& site);

/// The values of two runs beside each other: what differs first, by the size of the change. Nothing is judged: runs of
/// different machines or workloads are compared on request, and the page says that they differ.
std::string valuesDiffPage(const HistoryRun& before, const HistoryRun& after, const PageSite& site);

}  // namespace leakgate
