#include "analysis/idle_judgement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "analysis/counting_noise.hpp"

namespace leakgate {

namespace {

// Growth up to this factor above what time explains follows time: a thread gets less of a processor under
// load.
constexpr double kTimeShare = 2;
// The same for growth that certainly follows time: whether it follows the requests as well.
constexpr double kSteadyTimeShare = 3;

// A thread that sleeps between beats runs as often as the machine allows: in a quarter of the time up to this
// factor more, or less, than usual.
constexpr double kSpeedShare = 2;

// A timer that has not fired for this many of its intervals has stopped.
constexpr double kPauseGaps = 2.5;

// Whether there has been no rise for much longer than the interval between rises.
bool stopped(const Series& series, const std::vector<double>& seconds, double rise) {
  std::size_t last = 0;
  for (std::size_t k = 1; k < series.size(); ++k) {
    if (series[k] > series[k - 1]) last = k;
  }
  const double gap = seconds[last] / rise;
  const double reading = seconds.back() - seconds[seconds.size() - 2];
  return seconds.back() - seconds[last] > std::max(kPauseGaps * gap, 2 * reading);
}

// The idle time in quarters: how many units each rose, and for how long it lasted.
struct Quarter {
  double risen = 0;
  double seconds = 0;
  double perSecond() const { return risen / seconds; }
};

using Quarters = std::array<Quarter, 4>;

std::optional<Quarters> quartersOf(const Series& series, const std::vector<double>& seconds,
                                   std::int64_t unit) {
  Quarters quarters;
  std::size_t from = 0;
  for (std::size_t k = 0; k < quarters.size(); ++k) {
    const double end = seconds.back() * static_cast<double>(k + 1) / static_cast<double>(quarters.size());
    const std::size_t to = std::min(readingAt(seconds, end), series.size() - 1);
    if (to == from) return std::nullopt;
    quarters[k] = {static_cast<double>(series[to] - series[from]) / static_cast<double>(unit),
                   seconds[to] - seconds[from]};
    from = to;
  }
  return quarters;
}

double medianRate(const Quarters& quarters) {
  std::array<double, 4> rates{};
  std::transform(quarters.begin(), quarters.end(), rates.begin(),
                 [](const Quarter& quarter) { return quarter.perSecond(); });
  std::sort(rates.begin(), rates.end());
  return (rates[1] + rates[2]) / 2;
}

// Whether the quarters of the idle time have one rate, the last one too: a rise that stops, or occurs once,
// does not follow time. An earlier quarter may have less: the machine, or the program's thread, stood still.
bool steadyByTime(const Series& series, const std::vector<double>& seconds, std::int64_t unit) {
  if (series.size() < 4 || series.size() != seconds.size() || !neverFalls(series)) return false;
  const double rise = static_cast<double>(series.back() - series.front()) / static_cast<double>(unit);
  if (rise < static_cast<double>(kSureUnits) || stopped(series, seconds, rise)) return false;
  const auto quarters = quartersOf(series, seconds, unit);
  if (!quarters || quarters->back().risen <= 0) return false;
  const double usual = medianRate(*quarters);
  unsigned slow = 0;
  for (const Quarter& quarter : *quarters) {
    const double expected = usual * quarter.seconds;
    const double noise = 1 + 3 * std::sqrt(expected);
    if (quarter.risen > kSpeedShare * expected + noise) return false;
    const bool isSlow = quarter.risen <= 0 || quarter.risen < expected / kSpeedShare - noise;
    if (isSlow && &quarter == &quarters->back()) return false;
    slow += isSlow ? 1 : 0;
  }
  return slow <= 1;
}

Work millisecondsOf(const std::vector<double>& seconds) {
  Work work;
  for (const double second : seconds) work.push_back(static_cast<std::uint64_t>(std::llround(second * 1e3)));
  return work;
}

Series sinceFirst(Series series) {
  aboveWarm(series);
  return series;
}

// Units per second right after the work, for as long as that lasted: a rise that slows down was as quick
// then as it was during the work.
double rateAfterWork(const Series& idle, const GrowthTable& table) {
  if (table.workSeconds <= 0 || table.workSeconds >= table.idleSeconds.back()) return 0;
  const std::size_t at = std::min(readingAt(table.idleSeconds, table.workSeconds), idle.size() - 1);
  return static_cast<double>(idle[at] - idle.front()) / table.idleSeconds[at];
}

// The rate of the idle time, until the rise stopped, if it did.
double rateUntilStopped(const Series& idle, const GrowthTable& table) {
  double risingSeconds = 1e-3;
  for (std::size_t k = 1; k < idle.size(); ++k) {
    if (idle[k] > idle[k - 1]) risingSeconds = std::max(risingSeconds, table.idleSeconds[k]);
  }
  return static_cast<double>(idle.back() - idle.front()) / risingSeconds;
}

// In the quarter of the idle time in which the machine let it run best.
double bestRate(const Series& idle, const GrowthTable& table) {
  double best = 0;
  if (const auto quarters = quartersOf(idle, table.idleSeconds, 1))
    for (const Quarter& quarter : *quarters) best = std::max(best, quarter.perSecond());
  return best;
}

// Whether the time of the work explains the growth, or nearly: then the requests do not cause it.
bool explainedByTime(const Series& work, double perSecond, const GrowthTable& table, double share) {
  const double explained = share * perSecond * table.workSeconds + static_cast<double>(kSureUnits);
  return static_cast<double>(work.back()) <= explained;
}

}  // namespace

std::optional<Judgement> judgeTime(const Growth& growth, const GrowthTable& table, const Judgement& work) {
  const Readings& idle = growth.idle;
  if (idle.blocks.empty()) return std::nullopt;
  const bool blocksRise = steadyByTime(idle.blocks, table.idleSeconds, 1);
  const Series rise = sinceFirst(idle.bytes);
  const std::int64_t unit =
      byteUnitOf(rise, growth.site().allocations + static_cast<std::uint64_t>(kSureUnits));
  const bool bytesRise =
      sinceFirst(idle.blocks).back() == 0 && steadyByTime(idle.bytes, table.idleSeconds, unit);
  if (!blocksRise && !bytesRise) return std::nullopt;
  const Series& readings = blocksRise ? idle.blocks : idle.bytes;
  const Series& risen = blocksRise ? growth.site().blocks : growth.site().bytes;
  const bool explained = explainedByTime(risen, bestRate(readings, table), table, kSteadyTimeShare);
  if (work.proved && !explained) return std::nullopt;
  Judgement judgement;
  judgement.pattern = Pattern::linear;
  judgement.proved = true;
  const Work milliseconds = millisecondsOf(table.idleSeconds);
  judgement.cause = Cause{Driver{Follows::time, "", milliseconds}, false};
  setAmounts(judgement, sinceFirst(idle.blocks), rise, milliseconds);
  judgement.idleSeconds = table.idleSeconds.back();
  return judgement;
}

bool stoppedByTime(const Growth& growth, const GrowthTable& table) {
  const Readings& idle = growth.idle;
  if (!risesWhileIdle(growth)) return false;
  const bool blocks = idle.blocks.back() > idle.blocks.front();
  const Series& readings = blocks ? idle.blocks : idle.bytes;
  const Series& work = blocks ? growth.site().blocks : growth.site().bytes;
  const double perSecond = std::max(rateUntilStopped(readings, table), rateAfterWork(readings, table));
  return readings.back() - readings.front() >= kSureUnits &&
         explainedByTime(work, perSecond, table, kTimeShare);
}

bool risesWhileIdle(const Growth& growth) {
  for (const auto& [idle, work] : {std::pair(&growth.idle.blocks, &growth.site().blocks),
                                   std::pair(&growth.idle.bytes, &growth.site().bytes)}) {
    if (idle->size() < 2 || idle->back() <= idle->front() || idle->back() <= work->back()) continue;
    if (neverFalls(*idle)) return true;
  }
  return false;
}

}  // namespace leakgate
