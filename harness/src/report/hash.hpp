// FNV-1a 64: short names for long identities. Not for secrets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// 16 hex digits. The parts stay separate: {"ab", "c"} and {"a", "bc"} differ.
std::string hashOf(const std::vector<std::string>& parts);

}  // namespace leakgate
