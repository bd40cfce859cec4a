#include "monitor/drift_board.hpp"

#include <doctest/doctest.h>

using h3::DriftBoard;
using h3::Interval;

TEST_CASE("the first rows that are used are shown, and keep their places") {
  DriftBoard board;
  CHECK(board.shownCount() == 0);
  for (std::size_t row = 0; row < DriftBoard::kShown; ++row) {
    h3::ShownRoute* const shown = board.show(2 * row);
    REQUIRE(shown != nullptr);
    CHECK(shown->row.read() == 2 * row);
    CHECK(board.show(2 * row) == shown);
  }
  CHECK(board.shownCount() == DriftBoard::kShown);
  CHECK(board.show(1) == nullptr);
  CHECK(board.show(0) == &board.shown(0));
}

TEST_CASE("an interval reads back as it was set") {
  h3::PublishedInterval published;
  CHECK(published.read().estimate == 0);
  published.set({-0.5, 0.25, 1e9});
  const Interval interval = published.read();
  CHECK(interval.low == -0.5);
  CHECK(interval.estimate == 0.25);
  CHECK(interval.high == 1e9);
}
