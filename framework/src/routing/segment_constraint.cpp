#include "h3http/detail/segment_constraint.hpp"

#include <bit>

namespace h3 {

bool SegmentConstraint::matches(std::string_view segment) const noexcept {
  std::uint64_t possible = reach_[0];
  for (const char c : segment) {
    std::uint64_t hits = possible & accepts_[static_cast<unsigned char>(c)];
    possible = hits & loops_;
    for (; hits != 0; hits &= hits - 1)
      possible |= reach_[static_cast<std::size_t>(std::countr_zero(hits)) + 1];
    if (possible == 0) return false;
  }
  return (possible & bitOf(positions_)) != 0;
}

}  // namespace h3
