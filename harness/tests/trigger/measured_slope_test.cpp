#include "trigger/measured_slope.hpp"

#include <doctest/doctest.h>

#include "analysis/record_builder.hpp"

using namespace leakgate;

namespace {

Gauge heapAt(std::uint64_t offset) {
  Gauge gauge;
  gauge.callers = {RecordBuilder::at(offset)};
  return gauge;
}

}  // namespace

TEST_CASE("the slope is per request, and exact where each block adds its part") {
  const RunRecord record = RecordBuilder({100, 100, 200})
                               .site(RecordBuilder::at(1), {5, 55, 105, 205}, {0, 800, 1600, 3200})
                               .site(RecordBuilder::at(2), {0, 70, 90, 150}, {0, 70, 90, 150});
  const MeasuredSlope exact = slopeOf(record, heapAt(1));
  CHECK(exact.requests == 400);
  CHECK(exact.blocks == 0.5);
  CHECK(exact.bytes == 8);
  CHECK(exact.rises);
  CHECK(exact.exact);
  const MeasuredSlope uneven = slopeOf(record, heapAt(2));
  CHECK(uneven.blocks == 0.375);
  CHECK(uneven.rises);
  CHECK_FALSE(uneven.exact);
}

TEST_CASE("one block without a rise is forgiven, two are not, and nothing is no slope") {
  const RunRecord record = RecordBuilder({100, 100, 200})
                               .site(RecordBuilder::at(1), {0, 0, 50, 150}, {0, 0, 0, 0})
                               .site(RecordBuilder::at(2), {0, 0, 0, 150}, {0, 0, 0, 0});
  CHECK(slopeOf(record, heapAt(1)).rises);
  CHECK_FALSE(slopeOf(record, heapAt(2)).rises);
  CHECK_FALSE(slopeOf(record, heapAt(3)).rises);
  CHECK(slopeOf(RecordBuilder({0}), heapAt(1)).requests == 0);
}
