// All reasons for red on one screen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "session/red_reasons.hpp"

namespace leakgate {

inline constexpr std::size_t kScreenColumns = 80;
inline constexpr std::size_t kScreenLines = 22;  ///< of 24: the gate's last line follows

/// At most kScreenLines lines of kScreenColumns, in as much detail as all reasons leave room for: with place and
/// command each; a command for each scenario; a line each; as many as fit, and how many more. Words that are
/// longer than a line stay whole. "" without reasons.
std::string firstScreen(const std::vector<RedReason>& reasons);

}  // namespace leakgate
