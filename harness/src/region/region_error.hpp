// A control or region file that cannot be made or is not what this build of leakgate writes.
#pragma once

#include <stdexcept>

namespace leakgate {

/// The message names the file, what was found and what was expected.
class RegionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace leakgate
