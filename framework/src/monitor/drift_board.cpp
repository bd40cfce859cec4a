#include "monitor/drift_board.hpp"

namespace h3 {

ShownRoute* DriftBoard::show(std::size_t row) {
  const std::size_t count = shownCount();
  for (std::size_t i = 0; i < count; ++i)
    if (shown_[i].row.read() == row) return &shown_[i];
  if (count == kShown) return nullptr;
  shown_[count].row.set(row);
  shownCount_.set(count + 1);
  return &shown_[count];
}

}  // namespace h3
