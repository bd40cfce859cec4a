// Byte strings in cells of one size: memory that never fragments and has a bound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace h3::security {

/// Byte strings, each a chain of cells.
///
///     cell: | next 4 | bytes 252 |        slab: 256 cells, 64 KiB
///
/// Allocates: a slab when no cell is free, up to maxCells. Slabs are kept. Threads: one owner.
class CellPool {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kCellBytes = 256;
  static constexpr std::size_t kPayloadBytes = kCellBytes - sizeof(std::uint32_t);
  static constexpr std::size_t kSlabCells = 256;

  explicit CellPool(std::uint32_t maxCells) : maxCells_(maxCells) {}

  static constexpr std::size_t cellsFor(std::size_t bytes) {
    return (bytes + kPayloadBytes - 1) / kPayloadBytes;
  }

  std::uint32_t maxCells() const { return maxCells_; }
  std::uint32_t usedCells() const { return used_; }
  bool hasRoomFor(std::size_t bytes) const { return cellsFor(bytes) <= maxCells_ - used_; }

  /// Copies `bytes`; returns the first cell, kNone for no bytes. Only when hasRoomFor(). Errors: std::bad_alloc, with
  /// nothing kept.
  std::uint32_t store(std::string_view bytes);
  /// Copies `size` bytes that start in `first` to `out`.
  void read(std::uint32_t first, std::size_t size, char* out) const;
  void release(std::uint32_t first);

 private:
  struct Cell {
    std::uint32_t next;
    std::array<char, kPayloadBytes> bytes;
  };
  static_assert(sizeof(Cell) == kCellBytes);

  Cell& at(std::uint32_t index) const { return slabs_[index / kSlabCells][index % kSlabCells]; }
  std::uint32_t take();

  std::uint32_t maxCells_;
  std::uint32_t used_ = 0;
  std::uint32_t made_ = 0;  ///< cells that have been used once
  std::uint32_t free_ = kNone;
  std::vector<std::unique_ptr<Cell[]>> slabs_;
};

}  // namespace h3::security
