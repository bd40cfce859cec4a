// What a request costs in the kernel, for people.
#pragma once

#include <string>

#include "report/report.hpp"

namespace leakgate {

/// "  kernel       0.0013 page faults per request, 0 from disk; 1 wait, 0.002 preemptions"; "" for reports of older
/// versions.
std::string kernelLine(const Report& report);

/// The system calls per request, a row each, at most `maxRows`, under a line that says what they are of; "" when they
/// were not asked for.
std::string systemCallText(const Report& report, std::size_t maxRows);

/// The functions with the most instructions per request, likewise.
std::string instructionText(const Report& report, std::size_t maxRows);

}  // namespace leakgate
