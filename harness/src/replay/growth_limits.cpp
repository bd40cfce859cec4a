#include "replay/growth_limits.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace leakgate {
namespace {

// The number behind `label` in a file of lines; 0 when there is none ("unlimited" too).
std::uint64_t numberIn(const std::string& file, const std::string& label) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(label)) return std::strtoull(line.c_str() + label.size(), nullptr, 10);
  }
  return 0;
}

}  // namespace

GrowthLimits growthLimits(pid_t pid) {
  GrowthLimits limits;
  constexpr std::uint64_t kBytesPerKb = 1024;
  if (const auto available = numberIn("/proc/meminfo", "MemAvailable:"); available != 0)
    limits.bytes = std::min(limits.bytes, available * kBytesPerKb / 4);
  if (const auto maps = numberIn("/proc/sys/vm/max_map_count", ""); maps != 0) limits.mappings = maps / 2;
  const std::string process = "/proc/" + std::to_string(pid) + "/limits";
  if (const auto files = numberIn(process, "Max open files"); files != 0) limits.descriptors = files / 2;
  return limits;
}

}  // namespace leakgate
