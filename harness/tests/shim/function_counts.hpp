// Counts by the program's own function names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>

#include "region/snapshot.hpp"

namespace leakgate {

struct Counts {
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  std::uint64_t allocatedBytes = 0;
  std::uint64_t freedBytes = 0;

  friend bool operator==(const Counts&, const Counts&) = default;
  friend Counts operator-(const Counts& left, const Counts& right);
};

std::ostream& operator<<(std::ostream& out, const Counts& counts);

Counts countsOf(const MemoryTotals& totals);

/// Sums of all sites whose return address lies in that function of that file, by the file's own symbol table.
/// Throws std::runtime_error when there is no such function.
Counts countsOf(const MemorySnapshot& snapshot, const std::filesystem::path& file,
                const std::string& function);

}  // namespace leakgate
