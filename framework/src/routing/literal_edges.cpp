#include "routing/literal_edges.hpp"

#include <utility>

namespace h3 {

namespace {
constexpr std::size_t kFirstSlots = 16;
}  // namespace

LiteralEdges::LiteralEdges() : slots_(kFirstSlots) {}

void LiteralEdges::insert(std::uint32_t parent, std::string_view segment, std::uint32_t child) {
  if (2 * (count_ + 1) > slots_.size()) {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& slot : old) {
      if (slot.child != kNone) place(slot);
    }
  }
  Slot slot = keyOf(parent, segment);
  slot.child = child;
  slot.textOffset = static_cast<std::uint32_t>(texts_.size());
  texts_.append(segment);
  place(slot);
  ++count_;
}

void LiteralEdges::place(const Slot& slot) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hashOf(slot) & mask;
  while (slots_[i].child != kNone) i = (i + 1) & mask;
  slots_[i] = slot;
}

}  // namespace h3
