// Which twin this is. Included by the specimens alone: everything they share is the same in both.
#pragma once

namespace specimen {

inline constexpr bool kSick = SPECIMEN_SICK;

}  // namespace specimen
