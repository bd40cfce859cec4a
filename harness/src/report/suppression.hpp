// One line of a suppressions file, and what it did in a run.
#pragma once

#include <cstdint>
#include <string>

namespace leakgate {

struct Suppression {
  std::string pattern;  ///< of "leak:PATTERN", see gate/suppressions.hpp
  std::string file;     ///< where it stands
  unsigned line = 0;
  std::uint64_t findings = 0;  ///< that it has silenced

  friend bool operator==(const Suppression&, const Suppression&) = default;
};

}  // namespace leakgate
