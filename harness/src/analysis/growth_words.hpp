// How the growth of an event is written.
#pragma once

#include <string>

namespace leakgate {

/// "+1.000", and three digits that say something for a rare leak: "+0.0001".
std::string unitsPerEvent(double units);

/// "+64 B", "+199.9 B", "+0.0042 B".
std::string bytesPerEvent(double bytes);

}  // namespace leakgate
