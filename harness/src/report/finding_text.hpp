// Writes findings and numbers for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// "LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request of step login (80,000 requests, every
/// checkpoint)". One line, no colour.
std::string findingLine(const NamedFinding& finding);

/// The same without the evidence: "LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request of step login".
std::string findingHeadline(const NamedFinding& finding);

/// The evidence alone: "80,000 requests, every checkpoint".
std::string findingEvidence(const NamedFinding& finding);

/// The finding that a failure reports, or nullptr. `failure` is an element of the report's verdict: equal lines are
/// matched in order.
const NamedFinding* findingOf(const Report& report, const Reason& failure);

/// The place of a finding: its call stack, if the run has one; else "src/app/event.cpp:88 (h3-demo)" and the
/// functions inlined there on the way to the allocation, one line each. Empty without a place.
std::vector<std::string> findingPlaceLines(const NamedFinding& finding);

/// "rose once: 1 block, 64 B, in std::call_once (libssl.so.3)".
std::string observationLine(const NamedObservation& observation);

/// "80,000".
std::string withThousands(std::int64_t number);

/// "12.3 us", "1.20 ms"; for nanoseconds.
std::string asTime(double nanoseconds);

/// A metric's value with its unit: "17 B", "0.25 blocks", "99.99 %" for a ratio, a time for ns.
std::string asValue(double value, const std::string& unit);

/// The same for a metric; if it varied, with the range of its runs: "136.27 to 136.31 blocks in 6 runs".
std::string asValue(const Metric& metric);

}  // namespace leakgate
