#include "analysis/idle_judgement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/counting_noise.hpp"

namespace leakgate {

namespace {

// Growth up to this factor above what time explains follows time: a thread gets less of a processor under
// load.
constexpr double kTimeShare = 2;

// A thread that sleeps between beats runs as often as the machine allows: in a quarter up to this factor
// more, or less, than on average.
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

// Whether each quarter of the idle time has the same rate: a rise that stops, or occurs once, does not follow
// time.
bool steadyByTime(const Series& series, const std::vector<double>& seconds, std::int64_t unit) {
  if (series.size() < 4 || series.size() != seconds.size() || !neverFalls(series)) return false;
  const double rise = static_cast<double>(series.back() - series.front()) / static_cast<double>(unit);
  if (rise < static_cast<double>(kSureUnits) || stopped(series, seconds, rise)) return false;
  constexpr int kParts = 4;
  std::size_t from = 0;
  for (int part = 1; part <= kParts; ++part) {
    const std::size_t to = std::min(readingAt(seconds, seconds.back() * part / kParts), series.size() - 1);
    if (to == from) return false;
    const double expected = rise * (seconds[to] - seconds[from]) / seconds.back();
    const double risen = static_cast<double>(series[to] - series[from]) / static_cast<double>(unit);
    const double noise = 1 + 3 * std::sqrt(expected);
    if (risen <= 0 || risen < expected / kSpeedShare - noise || risen > kSpeedShare * expected + noise)
      return false;
    from = to;
  }
  return true;
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

// Whether the time of the work explains the growth, or nearly: then the requests do not cause it. Uses the
// rate of the idle time, until it stopped, if it did.
bool explainedByTime(const Series& work, const Series& idle, const GrowthTable& table) {
  double risingSeconds = 1e-3;
  for (std::size_t k = 1; k < idle.size(); ++k) {
    if (idle[k] > idle[k - 1]) risingSeconds = std::max(risingSeconds, table.idleSeconds[k]);
  }
  const double perSecond = static_cast<double>(idle.back() - idle.front()) / risingSeconds;
  const double explained = kTimeShare * perSecond * table.workSeconds + static_cast<double>(kSureUnits);
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
  const bool explained = blocksRise ? explainedByTime(growth.site().blocks, idle.blocks, table)
                                    : explainedByTime(growth.site().bytes, idle.bytes, table);
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
  return readings.back() - readings.front() >= kSureUnits && explainedByTime(work, readings, table);
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
