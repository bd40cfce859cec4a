// Thrown for a control or region file that cannot be created, or that this build of leakgate would not write.
#pragma once

#include <stdexcept>

namespace leakgate {

/// The message names the file, what was found and what was expected.
class RegionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace leakgate
