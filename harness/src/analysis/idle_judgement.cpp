#include "analysis/idle_judgement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/counting_noise.hpp"

namespace leakgate {

namespace {

// Growth up to so many times what time explains is time's: a thread gets less of a processor under load.
constexpr double kTimeShare = 2;

// A thread that sleeps between beats comes as often as the machine lets it: in a quarter up to so many times
// more, or less, than in the mean.
constexpr double kSpeedShare = 2;

// A timer that has not come for so many of its gaps has stopped.
constexpr double kPauseGaps = 2.5;

// No rise for much longer than rises were apart.
bool stopped(const Series& series, const std::vector<double>& seconds, double rise) {
  std::size_t last = 0;
  for (std::size_t k = 1; k < series.size(); ++k) {
    if (series[k] > series[k - 1]) last = k;
  }
  const double gap = seconds[last] / rise;
  const double reading = seconds.back() - seconds[seconds.size() - 2];
  return seconds.back() - seconds[last] > std::max(kPauseGaps * gap, 2 * reading);
}

// The same rate in each quarter of the idle time: what stops, or comes in one go, is no growth by time.
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

// As much as the work's time explains, or nearly: then it is not the requests that bring it. The rate is that
// of the idle time until it stopped, if it did.
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
