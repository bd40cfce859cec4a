// Whether a run repeats what the report of another one says, and if not, why that may be. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

struct Rerun {
  std::vector<std::string> differences;  ///< of counts and findings; empty: the same
  std::vector<std::string> causes;  ///< what is not as in the report: compiler, libc, the program's build ...
  std::size_t counts = 0;           ///< compared
  std::size_t findings = 0;         ///< of the report
};

/// Exact counts compare exactly, spreads by their tolerance, findings by fingerprint and call stacks, and by what they
/// add per event. Times, CPU and resident memory are another machine's and not compared.
Rerun compareRerun(const Report& before, const Report& after);

/// For people: "SAME" or "DIFFERS", then what and why. `file`: of the report.
std::string rerunText(const Rerun& rerun, const std::string& scenario, const std::string& file);

/// {"scenario", "same", "counts", "findings", "differences", "causes"}.
std::string rerunJson(const Rerun& rerun, const std::string& scenario);

}  // namespace leakgate
