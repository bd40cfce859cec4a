// Writes growth per event.
#pragma once

#include <string>

namespace leakgate {

/// "+1.000"; for a rare leak up to three significant digits: "+0.0001".
std::string unitsPerEvent(double units);

/// "+64 B", "+199.9 B", "+0.0042 B".
std::string bytesPerEvent(double bytes);

}  // namespace leakgate
