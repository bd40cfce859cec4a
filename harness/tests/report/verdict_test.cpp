#include "report/verdict.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace leakgate;

TEST_CASE("the worst outcome of several") {
  const Outcome order[] = {Outcome::pass, Outcome::timesOnly, Outcome::fail, Outcome::cannotMeasure,
                           Outcome::badInput};
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j)
      CHECK(toString(worse(order[i], order[j])) == toString(order[std::max(i, j)]));
  }
}
