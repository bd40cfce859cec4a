#include "session/instruction_count.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("the total of a process is the sum of callgrind's totals, one for each part") {
  CHECK(callgrindTotal("events: Ir\nfn=(1) main\n12 100\n\ntotals: 3141592653\n") == 3'141'592'653);
  CHECK(callgrindTotal("part: 1\ntotals: 10\npart: 2\ntotals: 20\n") == 30);
  CHECK(callgrindTotal("events: Ir\nsummary: 10\n") == 0);
  CHECK(callgrindTotal("") == 0);
}
