// The decision about a run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// timesOnly: nothing failed, and memory was not measured because of --depth none.
enum class Outcome { pass, timesOnly, fail, badInput, cannotMeasure };

struct Reason {
  std::string subject;  ///< metric name, finding fingerprint, or "measurement"; the same in a repeated run
  std::string text;     ///< one line for people: found, expected, and what to do

  friend bool operator==(const Reason&, const Reason&) = default;
};

struct Verdict {
  Outcome outcome = Outcome::pass;
  std::vector<Reason> failures;  ///< reasons why it is not a pass
  std::vector<Reason>
      suspects;  ///< metrics beyond their limit in one run, and slowdowns: they fail when other runs agree
  std::vector<std::string> notes;  ///< "no baseline", "improved ..."

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// "pass", "times only", "fail", "bad input", "cannot measure".
std::string_view toString(Outcome outcome);

/// The process's exit code: 0, 0, 1, 2, 3.
int exitCodeOf(Outcome outcome);

/// The worse of two, in the order bad input, cannot measure, fail, times only, pass: a wrong file comes first
/// because the run itself was wrong; then a failed measurement, because it may hide anything.
Outcome worse(Outcome a, Outcome b);

}  // namespace leakgate
