#include "analysis/judgement.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/after_rest.hpp"
#include "analysis/noisy_trend.hpp"

namespace leakgate {

namespace {

// Falls below this share of the rise are noise.
constexpr double kFallShare = 0.05;

// Less swing than this hides nothing that a gate would look for.
constexpr std::int64_t kNoiseBlocks = 16;
constexpr std::int64_t kNoiseBytes = 64 << 10;

// Growth up to so many times what time explains is time's: a thread gets less of a processor under load.
constexpr double kTimeShare = 2;

// Two rates agree that differ by less than this share of one, beyond counting noise.
constexpr double kSameRate = 0.25;

// Where so many units are expected, none is no chance.
constexpr double kSureQuarter = 5;

// A timer that has not come for so many of its gaps has stopped.
constexpr double kPauseGaps = 2.5;

// A later half that rises by this share of the earlier one goes on as before.
constexpr double kStraight = 0.9;

using ReadingsSeries = Series Readings::*;

std::vector<double> numbers(const Series& series) { return {series.begin(), series.end()}; }

// Never sinks below a value it had by more than noise.
bool neverFalls(const Series& series) {
  if (series.empty()) return true;
  const auto [low, high] = std::minmax_element(series.begin(), series.end());
  const double allowed = kFallShare * static_cast<double>(*high - *low);
  std::int64_t highest = series.front();
  for (const std::int64_t value : series) {
    highest = std::max(highest, value);
    if (static_cast<double>(highest - value) > allowed) return false;
  }
  return true;
}

bool countsAgree(double count, double expected) {
  return std::abs(count - expected) <= 1 + 3 * std::sqrt(std::abs(expected)) + kSameRate * std::abs(expected);
}

std::size_t readingAt(const std::vector<double>& places, double at) {
  return static_cast<std::size_t>(std::lower_bound(places.begin(), places.end(), at - 1e-9) - places.begin());
}

// Units that rose over the sampled work, and how many of them in its last quarter.
struct LastQuarter {
  double risen = 0;
  double expected = 0;  ///< as over the whole
};

LastQuarter lastQuarterOf(const Series& samples, const std::vector<double>& work, std::int64_t unit) {
  constexpr std::size_t kEnough = 8;
  if (samples.size() < kEnough || samples.size() != work.size()) return {};
  const double all = work.back() - work.front();
  const std::size_t from = readingAt(work, work.front() + 0.75 * all);
  const auto units = [&](std::size_t k) {
    return static_cast<double>(samples.back() - samples[k]) / static_cast<double>(unit);
  };
  return {units(from), std::max(0.0, units(0) * (work.back() - work[from]) / all)};
}

bool endedBefore(const Series& samples, const std::vector<double>& work, std::int64_t unit) {
  const LastQuarter quarter = lastQuarterOf(samples, work, unit);
  return quarter.risen <= 0 && quarter.expected >= kSureQuarter;
}

// The last quarter brought its part: a cap that was reached shortly before the end leaves an interval that is
// only a little short.
bool goesOnToTheEnd(const Series& samples, const std::vector<double>& work, std::int64_t unit) {
  const LastQuarter quarter = lastQuarterOf(samples, work, unit);
  const double least = (1 - kSameRate) * quarter.expected - 3 * std::sqrt(quarter.expected);
  return quarter.risen >= least && !endedBefore(samples, work, unit);
}

Judgement judgeSeries(const Series& series, const Series& samples, const GrowthTable& table,
                      std::int64_t unit = 1) {
  Judgement judgement;
  if (series.back() > 0 && risesThroughout(series, unit))
    judgement.cause = causeOf(series, table.drivers, unit);
  if (judgement.cause && !judgement.cause->exact && !goesOnToTheEnd(samples, table.sampleWork, unit))
    judgement.cause.reset();
  judgement.pattern = judgement.cause ? Pattern::linear : shapeOf(series);
  const bool goesOn = judgement.pattern == Pattern::slow || judgement.pattern == Pattern::stepped;
  if (judgement.pattern == Pattern::slow && endedBefore(samples, table.sampleWork, unit)) {
    judgement.pattern = Pattern::bounded;
    return judgement;
  }
  // What goes up and down within a block rises from one to the next by chance.
  if (goesOn && !neverFalls(samples)) judgement.pattern = Pattern::sawtooth;
  judgement.proved = judgement.cause.has_value() || (goesOn && judgement.pattern != Pattern::sawtooth);
  return judgement;
}

// Bytes rise nowhere but with blocks: what blocks do not prove, their bytes do not prove either.
bool explainedByBlocks(const SiteGrowth& site) {
  for (std::size_t k = 1; k < site.bytes.size(); ++k) {
    if (site.bytes[k] > site.bytes[k - 1] && site.blocks[k] <= site.blocks[k - 1]) return false;
  }
  return true;
}

const Driver& requestsOf(const std::vector<Driver>& drivers) {
  static const Driver kNone{Follows::unknown, "", {0}};
  return drivers.empty() ? kNone : drivers.front();
}

double perEvent(const Series& series, const Work& work) {
  return work.back() == 0 ? 0 : static_cast<double>(series.back()) / static_cast<double>(work.back());
}

void setAmounts(Judgement& judgement, Series blocks, Series bytes, const Work& work) {
  judgement.blocks = std::move(blocks);
  judgement.bytes = std::move(bytes);
  judgement.blocksPerEvent = perEvent(judgement.blocks, work);
  judgement.bytesPerEvent = perEvent(judgement.bytes, work);
}

// Blocks tell more than bytes: a leak of texts of growing length is one block a request. Bytes are asked when
// no block is added, as where realloc enlarges one.
Judgement judgeBlocks(const Growth& growth, const GrowthTable& table) {
  const SiteGrowth& site = growth.site();
  Judgement blocks = judgeSeries(site.blocks, growth.samples.blocks, table);
  if (blocks.proved) return blocks;
  Judgement bytes = judgeSeries(site.bytes, growth.samples.bytes, table);
  const std::int64_t unit = byteUnitOf(site.bytes, site.allocations);
  if (!bytes.proved && unit > 1) {
    Judgement chunks = judgeSeries(site.bytes, growth.samples.bytes, table, unit);
    if (chunks.proved) return chunks;
  }
  if (bytes.proved && (bytes.cause || !explainedByBlocks(site))) return bytes;
  return blocks.pattern == Pattern::flat ? bytes : blocks;
}

// The mean through rises and falls, with its slope.
bool addNoisyRise(Judgement& judgement, const Growth& growth, const GrowthTable& table) {
  const auto blocks = numbers(growth.samples.blocks);
  const auto bytes = numbers(growth.samples.bytes);
  const bool blocksRise = meanRises(table.sampleWork, blocks);
  const bool flat = std::all_of(blocks.begin(), blocks.end(), [](double value) { return value == 0; });
  if (!blocksRise && !(flat && meanRises(table.sampleWork, bytes))) return false;
  judgement.pattern = Pattern::linear;
  judgement.proved = true;
  judgement.cause = Cause{requestsOf(table.drivers), false};
  judgement.blocksPerEvent = noisyTrend(table.sampleWork, blocks).slope;
  judgement.bytesPerEvent = noisyTrend(table.sampleWork, bytes).slope;
  return true;
}

// Without a cause since noise is on top, but no slower at the end: not less than the work.
bool risesStraight(const Judgement& judgement, const Growth& growth, const GrowthTable& table) {
  const bool slow = judgement.pattern == Pattern::slow || judgement.pattern == Pattern::stepped;
  if (!slow || growth.site().blocks.back() <= 0) return false;
  if (table.sampleWork.empty()) return false;
  return laterShare(table.sampleWork, numbers(growth.samples.blocks)) >= kStraight;
}

// --- while idle ---

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
    if (risen <= 0 || !countsAgree(risen, expected)) return false;
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

// What a timer brought up to some number, which the run's requests had nothing to do with.
bool stoppedByTime(const Growth& growth, const GrowthTable& table) {
  const Readings& idle = growth.idle;
  if (!risesWhileIdle(growth)) return false;
  const bool blocks = idle.blocks.back() > idle.blocks.front();
  const Series& readings = blocks ? idle.blocks : idle.bytes;
  const Series& work = blocks ? growth.site().blocks : growth.site().bytes;
  return readings.back() - readings.front() >= kSureUnits && explainedByTime(work, readings, table);
}

// --- after the cool-down ---

// The quantity by which a growth is judged: its blocks, or its bytes where no block is added.
ReadingsSeries judgedSeries(const Growth& growth) {
  return growth.site().blocks.back() > 0 ? &Readings::blocks : &Readings::bytes;
}

const Series& workSeries(const Growth& growth) {
  return growth.site().blocks.back() > 0 ? growth.site().blocks : growth.site().bytes;
}

std::int64_t unitOf(const Growth& growth) {
  if (growth.site().blocks.back() > 0) return 1;
  return byteUnitOf(growth.site().bytes, growth.site().allocations);
}

double secondsUntilFallen(const Growth& growth, const GrowthTable& table) {
  const Series& idle = growth.idle.*judgedSeries(growth);
  double at = table.idleSeconds.empty() ? 0 : table.idleSeconds.back();
  for (std::size_t k = 1; k < idle.size(); ++k) {
    if (idle[k] < idle[k - 1]) at = table.idleSeconds[k];
  }
  return at;
}

// What cool-downs leave, round after round, in proportion to the requests between them.
bool restRises(const Growth& growth, const GrowthTable& table) {
  const Series& rests = growth.rests.*judgedSeries(growth);
  if (rests.size() < 3 || table.restDrivers.empty()) return false;
  const Work& work = table.restDrivers.front().work;
  const std::size_t last = rests.size() - 1;
  const auto between = [&](std::size_t k) { return static_cast<double>(work[k] - work[k - 1]); };
  const auto unit = static_cast<double>(unitOf(growth));
  const double before = static_cast<double>(rests[last - 1] - rests[last - 2]) / unit;
  const double risen = static_cast<double>(rests[last] - rests[last - 1]) / unit;
  if (risen < static_cast<double>(kSureUnits) || between(last - 1) <= 0) return false;
  return countsAgree(risen, before * between(last) / between(last - 1));
}

Judgement judgeRest(const Growth& growth, const GrowthTable& table) {
  Judgement judgement;
  judgement.idleSeconds = secondsUntilFallen(growth, table);
  if (!restRises(growth, table)) {
    judgement.pattern = Pattern::givenBack;
    return judgement;
  }
  // From the first cool-down on: before it there are first times.
  const auto tail = [](auto series) {
    series.erase(series.begin());
    const auto first = series.front();
    for (auto& value : series) value -= first;
    return series;
  };
  std::vector<Driver> drivers = table.restDrivers;
  for (Driver& driver : drivers) driver.work = tail(driver.work);
  std::erase_if(drivers, [](const Driver& driver) { return driver.work.back() == 0; });
  judgement.pattern = Pattern::linear;
  judgement.proved = true;
  setAmounts(judgement, tail(growth.rests.blocks), tail(growth.rests.bytes), drivers.front().work);
  const Series& judged = growth.site().blocks.back() > 0 ? judgement.blocks : judgement.bytes;
  judgement.cause = causeOf(judged, drivers, unitOf(growth));
  if (!judgement.cause) judgement.cause = Cause{drivers.front(), false};
  setAmounts(judgement, judgement.blocks, judgement.bytes, judgement.cause->driver.work);
  return judgement;
}

}  // namespace

Judgement judgeWork(const Growth& growth, const GrowthTable& table) {
  Judgement judgement = judgeBlocks(growth, table);
  const bool linearPerhaps = !judgement.proved || risesStraight(judgement, growth, table);
  if (linearPerhaps && addNoisyRise(judgement, growth, table)) {
    judgement.blocks = growth.site().blocks;
    judgement.bytes = growth.site().bytes;
    return judgement;
  }
  const Driver& driver = judgement.cause ? judgement.cause->driver : requestsOf(table.drivers);
  setAmounts(judgement, growth.site().blocks, growth.site().bytes, driver.work);
  return judgement;
}

Judgement judge(const Growth& growth, const GrowthTable& table) {
  Judgement work = judgeWork(growth, table);
  if (auto time = judgeTime(growth, table, work)) return *time;
  if (work.proved && stoppedByTime(growth, table)) {
    work.pattern = Pattern::bounded;
    work.proved = false;
  }
  if (fell(growth) && (work.proved || mayStillRise(workSeries(growth)))) return judgeRest(growth, table);
  if (!work.proved) return work;
  if (stoppedAfterRest(growth, table, work)) {
    work.pattern = Pattern::bounded;
    work.proved = false;
    return work;
  }
  if (!table.idleSeconds.empty()) work.idleSeconds = table.idleSeconds.back();
  return work;
}

bool fell(const Growth& growth) {
  const Series& idle = growth.idle.*judgedSeries(growth);
  if (idle.size() < 2) return false;
  const double risen = static_cast<double>(workSeries(growth).back());
  const double fallen = static_cast<double>(idle.front() - idle.back());
  return fallen > std::max(kFallShare * risen, static_cast<double>(unitOf(growth)));
}

bool leavesRest(const Growth& growth, const GrowthTable& table) {
  if (!fell(growth) || growth.rests.blocks.empty()) return false;
  const Series& rests = growth.rests.*judgedSeries(growth);
  if (rests.size() < 2 || rests.back() - rests.front() < kSureUnits * unitOf(growth)) return false;
  if (rests.size() == 2) return true;
  const bool stopped = rests.back() - rests[rests.size() - 2] < kSureUnits * unitOf(growth);
  return !stopped && !restRises(growth, table);
}

bool risesWhileIdle(const Growth& growth) {
  for (const auto& [idle, work] : {std::pair(&growth.idle.blocks, &growth.site().blocks),
                                   std::pair(&growth.idle.bytes, &growth.site().bytes)}) {
    if (idle->size() < 2 || idle->back() <= idle->front() || idle->back() <= work->back()) continue;
    if (neverFalls(*idle)) return true;
  }
  return false;
}

bool hidesInNoise(const Growth& growth) {
  const auto swing = [](const Series& series) {
    const auto [low, high] = std::minmax_element(series.begin(), series.end());
    return *high - *low;
  };
  // Between blocks nothing is under way: any fall there is one. Within a block requests come and go.
  const auto hides = [&](const Series& work, const Series& samples, std::int64_t noise) {
    if (!std::is_sorted(work.begin(), work.end()) && swing(work) >= noise) return true;
    return !neverFalls(samples) && swing(samples) >= noise;
  };
  return hides(growth.site().blocks, growth.samples.blocks, kNoiseBlocks) ||
         hides(growth.site().bytes, growth.samples.bytes, kNoiseBytes);
}

bool likelyRises(const Growth& growth, const GrowthTable& table) {
  const auto likely = [&](const Series& samples) {
    return noisyTrend(table.sampleWork, numbers(samples)).sureness() >= kLikelyTrend;
  };
  return likely(growth.samples.blocks) || likely(growth.samples.bytes);
}

}  // namespace leakgate
