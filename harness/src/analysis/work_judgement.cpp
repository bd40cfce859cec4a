#include "analysis/work_judgement.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/counting_noise.hpp"
#include "analysis/managed_course.hpp"
#include "analysis/noisy_trend.hpp"

namespace leakgate {

namespace {

// Where this many units are expected, none at all is not chance.
constexpr double kSureQuarter = 5;

// A later half that rises by this share of the earlier one continues as before.
constexpr double kStraight = 0.9;

// The first and the last quarter of the readings have their least. That rises by this share of what the line
// rises, or more: in few readings it is not exact.
constexpr double kQuarter = 0.25;
constexpr double kFloorShare = 0.4;

// Units added over the sampled work, and those of its last quarter.
struct LastQuarter {
  double risen = 0;
  double expected = 0;  ///< at the rate of the whole
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

// Whether the last quarter has its share: with a limit that was reached shortly before the end, the whole
// interval is only a little short.
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
  // A quantity that goes up and down within a block may rise from one block to the next by chance.
  if (goesOn && !neverFalls(samples)) judgement.pattern = Pattern::sawtooth;
  const bool slows = judgement.pattern == Pattern::slow && !outgrowsLogarithm(series);
  judgement.proved =
      judgement.cause.has_value() || (goesOn && judgement.pattern != Pattern::sawtooth && !slows);
  return judgement;
}

// Whether bytes rise only together with blocks: what blocks do not prove, their bytes do not prove either.
bool explainedByBlocks(const SiteGrowth& site) {
  for (std::size_t k = 1; k < site.bytes.size(); ++k) {
    if (site.bytes[k] > site.bytes[k - 1] && site.blocks[k] <= site.blocks[k - 1]) return false;
  }
  return true;
}

// Blocks of one size: their bytes show nothing more.
bool haveOneSize(const SiteGrowth& site) {
  for (std::size_t k = 0; k < site.bytes.size(); ++k) {
    if (site.bytes[k] * site.blocks.back() != site.bytes.back() * site.blocks[k]) return false;
  }
  return true;
}

const Driver& requestsOf(const std::vector<Driver>& drivers) {
  static const Driver kNone{Follows::unknown, "", {0}};
  return drivers.empty() ? kNone : drivers.front();
}

// Blocks show more than bytes: a leak of texts of growing length is one block per request. Bytes are used
// when no block is added, as when realloc enlarges one, or when each block is larger than the one before.
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
  const bool onlyBytes = !explainedByBlocks(site) || blocks.pattern == Pattern::slow;
  if (bytes.proved && !haveOneSize(site) && (bytes.cause || onlyBytes)) return bytes;
  return blocks.pattern == Pattern::flat ? bytes : blocks;
}

// Whether the least readings rise as well, as they do above a leak: it is never larger than what is alive
// later, at the end of the work and while idle. Otherwise the later readings just met more of the others.
bool floorRises(const Series& samples, const std::vector<double>& work, const Series& checkpoints,
                const Series& idle) {
  const double all = work.back() - work.front();
  const auto at = [&](double share) {
    return samples.begin() + static_cast<std::ptrdiff_t>(readingAt(work, work.front() + share * all));
  };
  const std::int64_t before = *std::min_element(samples.begin(), at(kQuarter));
  std::int64_t later = std::min(*std::min_element(at(1 - kQuarter), samples.end()), checkpoints.back());
  for (const std::int64_t reading : idle) later = std::min(later, reading);
  const double expected = noisyTrend(work, numbers(samples)).rise * (1 - kQuarter);
  return static_cast<double>(later - before) >= kFloorShare * expected;
}

// Adds a rise of the mean through rises and falls, with its slope.
bool addNoisyRise(Judgement& judgement, const Growth& growth, const GrowthTable& table) {
  const auto blocks = numbers(growth.samples.blocks);
  const auto bytes = numbers(growth.samples.bytes);
  const bool flat = std::all_of(blocks.begin(), blocks.end(), [](double value) { return value == 0; });
  if (!meanRises(table.sampleWork, flat ? bytes : blocks)) return false;
  const Readings& samples = growth.samples;
  const bool risen =
      flat ? floorRises(samples.bytes, table.sampleWork, growth.site().bytes, growth.idle.bytes)
           : floorRises(samples.blocks, table.sampleWork, growth.site().blocks, growth.idle.blocks);
  if (!risen) return false;
  judgement.pattern = Pattern::linear;
  judgement.proved = true;
  judgement.cause = Cause{requestsOf(table.drivers), false};
  judgement.blocksPerEvent = noisyTrend(table.sampleWork, blocks).slope;
  judgement.bytesPerEvent = noisyTrend(table.sampleWork, bytes).slope;
  return true;
}

// Whether it has no cause because of the noise on top, but is no slower at the end: it rises as the work
// does.
bool risesStraight(const Judgement& judgement, const Growth& growth, const GrowthTable& table) {
  const bool slow = judgement.pattern == Pattern::slow || judgement.pattern == Pattern::stepped;
  if (!slow || growth.site().blocks.back() <= 0) return false;
  if (table.sampleWork.empty()) return false;
  return laterShare(table.sampleWork, numbers(growth.samples.blocks)) >= kStraight;
}

}  // namespace

Judgement judgeWork(const Growth& growth, const GrowthTable& table) {
  if (growth.isManaged()) return judgeManagedWork(growth, table);
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

bool likelyRises(const Growth& growth, const GrowthTable& table) {
  const auto likely = [&](const Series& samples) {
    return noisyTrend(table.sampleWork, numbers(samples)).sureness() >= kLikelyTrend;
  };
  return likely(growth.samples.blocks) || likely(growth.samples.bytes);
}

}  // namespace leakgate
