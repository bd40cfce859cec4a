#include "security/cell_pool.hpp"

#include <algorithm>
#include <cassert>

namespace h3::security {

// All cells are made before the first is taken, so that a failure leaves nothing to undo.
std::uint32_t CellPool::store(std::string_view bytes) {
  assert(hasRoomFor(bytes.size()));
  const std::size_t slabs = (used_ + cellsFor(bytes.size()) + kSlabCells - 1) / kSlabCells;
  while (slabs_.size() < slabs) slabs_.emplace_back(new Cell[kSlabCells]);
  std::uint32_t first = kNone;
  std::uint32_t* link = &first;
  while (!bytes.empty()) {
    *link = take();
    Cell& cell = at(*link);
    const std::size_t part = std::min(bytes.size(), kPayloadBytes);
    std::copy_n(bytes.data(), part, cell.bytes.data());
    bytes.remove_prefix(part);
    cell.next = kNone;
    link = &cell.next;
  }
  return first;
}

void CellPool::read(std::uint32_t first, std::size_t size, char* out) const {
  for (std::uint32_t i = first; size > 0; i = at(i).next) {
    const std::size_t part = std::min(size, kPayloadBytes);
    out = std::copy_n(at(i).bytes.data(), part, out);
    size -= part;
  }
}

void CellPool::release(std::uint32_t first) {
  while (first != kNone) {
    Cell& cell = at(first);
    const std::uint32_t next = cell.next;
    cell.bytes.fill(0);  // a session's data is not left for a core file
    cell.next = free_;
    free_ = first;
    --used_;
    first = next;
  }
}

std::uint32_t CellPool::take() {
  ++used_;
  if (free_ == kNone) return made_++;
  const std::uint32_t index = free_;
  free_ = at(index).next;
  return index;
}

}  // namespace h3::security
