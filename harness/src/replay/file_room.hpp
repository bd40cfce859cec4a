// What a file takes on its device.
#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace leakgate {

/// Bytes of the blocks that the file has, fewer than its size where it has holes. st_blocks counts 512 bytes each on
/// Linux, whatever the device's own blocks are (stat(2)).
inline std::uint64_t roomOf(const struct stat& status) {
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

}  // namespace leakgate
