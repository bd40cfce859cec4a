#include "analysis/managed_course.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "analysis/counting_noise.hpp"
#include "analysis/steady_growth.hpp"

namespace leakgate {

namespace {

// Compiled code, its caches and tables change the size of a heap by themselves: proportion is judged in such
// units.
constexpr std::int64_t kByteUnit = 1024;

SteadyLimits limitsOf(const Growth& growth) { return {kSureUnits * growth.unit(), growth.unit()}; }

// Its live objects at each checkpoint.
std::vector<HeapAmount> amountsOf(const RunRecord& record, Runtime runtime) {
  std::vector<HeapAmount> amounts;
  const std::uint64_t heaps = record.checkpoints.front().heaps.at(runtime).heaps;
  for (const auto& checkpoint : record.checkpoints) {
    const auto heap = checkpoint.heaps.find(runtime);
    const bool comparable = heap != checkpoint.heaps.end() && heap->second.heaps == heaps;
    amounts.push_back(comparable ? heap->second.live : amounts.back());
  }
  return amounts;
}

Series seriesOf(const std::vector<HeapAmount>& amounts, std::uint64_t HeapAmount::*member) {
  Series series;
  for (const auto& amount : amounts) series.push_back(static_cast<std::int64_t>(amount.*member));
  aboveWarm(series);
  return series;
}

std::optional<Cause> causeOfCourse(const Growth& growth, const std::vector<Driver>& drivers) {
  const Series& series = growth.judged();
  const std::int64_t unit = growth.byBlocks() ? 1 : kByteUnit;
  const SteadyLimits limits = limitsOf(growth);
  if (series.back() < limits.total) return std::nullopt;
  if (risesThroughout(series, unit)) {
    if (auto cause = causeOf(series, drivers, unit)) return cause;
  }
  for (const auto& driver : drivers) {
    if (risesSteadily(series, driver.work, limits)) return Cause{driver, false};
  }
  return std::nullopt;
}

Series withoutJitter(Series series, double noise) {
  for (std::size_t k = 1; k < series.size(); ++k) {
    if (static_cast<double>(std::abs(series[k] - series[k - 1])) < noise) series[k] = series[k - 1];
  }
  return series;
}

}  // namespace

std::vector<Course> managedCourses(const RunRecord& record) {
  std::vector<Course> courses;
  for (const auto& [runtime, heap] : record.checkpoints.front().heaps) {
    const auto amounts = amountsOf(record, runtime);
    SiteGrowth site;
    site.scope = traitsOf(runtime).heap;
    site.blocks = seriesOf(amounts, &HeapAmount::blocks);
    site.bytes = seriesOf(amounts, &HeapAmount::bytes);
    courses.push_back({FindingKind::managed, std::move(site), false, false});
  }
  return courses;
}

bool collectedThroughout(const RunRecord& record, Runtime runtime) {
  std::set<std::uint64_t> counts;
  for (const auto& checkpoint : record.checkpoints) {
    const auto heap = checkpoint.heaps.find(runtime);
    counts.insert(heap == checkpoint.heaps.end() ? 0 : heap->second.heaps);
  }
  return counts.size() == 1 && !counts.contains(0);
}

void steadyIdleHeap(Growth& growth) {
  const auto steady = [](const Series& idle, const Series& work, std::int64_t unit) {
    const double noise = kFallShare * static_cast<double>(work.back());
    return withoutJitter(idle, std::max(noise, static_cast<double>(unit)));
  };
  growth.idle.blocks = steady(growth.idle.blocks, growth.site().blocks, kManagedObjectUnit);
  growth.idle.bytes = steady(growth.idle.bytes, growth.site().bytes, kManagedByteUnit);
}

Judgement judgeManagedWork(const Growth& growth, const GrowthTable& table) {
  Judgement judgement;
  judgement.cause = causeOfCourse(growth, table.drivers);
  judgement.proved = judgement.cause.has_value();
  judgement.pattern = judgement.proved ? Pattern::linear : shapeOf(growth.judged());
  static const Work kNone{0};
  const Work& work = judgement.cause         ? judgement.cause->driver.work
                     : table.drivers.empty() ? kNone
                                             : table.drivers.front().work;
  setAmounts(judgement, growth.site().blocks, growth.site().bytes, work);
  return judgement;
}

bool managedMayRise(const Growth& growth, const GrowthTable& table) {
  if (table.drivers.empty()) return false;
  if (managedHeapFalls(growth)) return true;
  const Series& series = growth.judged();
  const SteadyLimits limits = limitsOf(growth);
  if (maySteadilyRise(series, table.drivers.front().work, limits)) return true;
  // A heap that has grown and still moves may be a cache that fills up, or a leak beneath objects that
  // expire: how many of these are there varies with the speed of the machine. One interval may be flat by
  // chance.
  if (series.size() < 3 || series.back() < limits.total) return false;
  const auto steps = intervals(series);
  return std::any_of(steps.end() - 2, steps.end(),
                     [&](std::int64_t step) { return std::abs(step) >= limits.interval; });
}

std::int64_t largestFall(const Growth& growth) {
  std::int64_t highest = 0;
  std::int64_t fall = 0;
  for (const std::int64_t value : growth.judged()) {
    highest = std::max(highest, value);
    fall = std::max(fall, highest - value);
  }
  return fall;
}

bool managedHeapFalls(const Growth& growth) { return largestFall(growth) >= kSureUnits * growth.unit(); }

}  // namespace leakgate
