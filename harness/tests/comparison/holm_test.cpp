#include "comparison/holm.hpp"

#include <doctest/doctest.h>

using namespace leakgate;
using Values = std::vector<double>;

TEST_CASE("Holm: adjusted p-values") {
  struct Row {
    Values p, adjusted;
  };
  // The second row is R's p.adjust(c(0.01, 0.04, 0.03), "holm").
  const std::vector<Row> rows{
      {{}, {}},
      {{0.01, 0.04, 0.03}, {0.03, 0.06, 0.06}},
      {{0.5}, {0.5}},
      {{0.9, 0.8}, {1, 1}},
      {{0.02, 0.02}, {0.04, 0.04}},
  };
  for (const Row& row : rows) {
    const Values adjusted = holmAdjusted(row.p);
    REQUIRE(adjusted.size() == row.adjusted.size());
    for (std::size_t k = 0; k < adjusted.size(); ++k) CHECK(adjusted[k] == doctest::Approx(row.adjusted[k]));
  }
}
