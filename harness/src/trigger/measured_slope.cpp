#include "trigger/measured_slope.hpp"

#include <algorithm>

#include "analysis/growth_series.hpp"
#include "trigger/experiment.hpp"

namespace leakgate {

MeasuredSlope slopeOf(const RunRecord& record, const Gauge& gauge) {
  const GrowthCourse course = courseOf(gauge, record);
  Work work{0};
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    work.push_back(work.back() + record.checkpoints[k].block.requests);
  }
  MeasuredSlope slope;
  slope.requests = work.back();
  if (slope.requests == 0) return slope;
  const auto requests = static_cast<double>(slope.requests);
  slope.blocks = static_cast<double>(course.blockRise()) / requests;
  slope.bytes = static_cast<double>(course.byteRise()) / requests;
  const Series& units = gauge.byBytes ? course.bytes : course.blocks;
  const auto steps = intervals(units);
  slope.rises = std::count_if(steps.begin(), steps.end(), [](auto d) { return d > 0; }) + 1 >=
                    static_cast<std::ptrdiff_t>(steps.size()) &&
                units.back() > 0;
  slope.exact = isExactShare(units, work, gauge.unit);
  return slope;
}

}  // namespace leakgate
