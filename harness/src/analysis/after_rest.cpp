#include "analysis/after_rest.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/rest_judgement.hpp"

namespace leakgate {

namespace {

// A round is long enough when this many units are expected in it.
constexpr double kEnoughUnits = 8;

// Below this share of the expected growth, the growth has stopped.
constexpr double kStoppedShare = 0.25;

// A round has at least this fraction of all requests, as much work as between checkpoints.
constexpr std::uint64_t kShortRounds = 16;
constexpr std::uint64_t kLongRounds = 2;

// Growth after the first cool-down, and requests since then.
struct Since {
  std::int64_t risen = 0;
  std::uint64_t requests = 0;
  std::uint64_t before = 0;  ///< requests up to it
};

// `rests` starts before the first request, so its second reading is the first cool-down.
Since sinceFirstRest(const Growth& growth, const GrowthTable& table) {
  const Series& rests = growth.judged(growth.rests);
  if (rests.size() < 2 || table.restDrivers.empty()) return {};
  const Work& work = table.restDrivers.front().work;
  return {rests.back() - rests[1], work.back() - work[1], work[1]};
}

// Units (blocks, or bytes) per request over the work.
double ratePerRequest(const Growth& growth, const GrowthTable& table) {
  return table.drivers.empty() ? 0 : perEvent(growth.judged(), table.drivers.front().work);
}

// A part of a sawtooth proves nothing.
bool isSteady(const Growth& growth, const Judgement& work) {
  return work.cause.has_value() && !hidesInNoise(growth);
}

std::int64_t givenBackBytes(const GrowthTable& table) {
  std::int64_t bytes = 0;
  for (const Growth& growth : table.growths) {
    if (growth.course.kind != FindingKind::heap || growth.course.total || !fell(growth)) continue;
    bytes += std::max<std::int64_t>(growth.idle.bytes.front() - growth.idle.bytes.back(), 0);
  }
  return bytes;
}

}  // namespace

bool maySpanGivenBack(const Growth& growth, const GrowthTable& table, const Judgement& work) {
  if (growth.course.kind != FindingKind::heap || growth.course.total || growth.byBlocks()) return false;
  if (!work.proved || work.cause || growth.idle.bytes.empty() || fell(growth)) return false;
  return givenBackBytes(table) >= growth.site().bytes.back();
}

bool stoppedAfterRest(const Growth& growth, const GrowthTable& table, const Judgement& work) {
  const Since since = sinceFirstRest(growth, table);
  if (since.requests == 0) return false;
  // A capacity that doubles rises at least once while the work doubles.
  if (maySpanGivenBack(growth, table, work))
    return since.risen <= 0 && since.requests >= since.before * 9 / 10;
  if (!isSteady(growth, work)) return false;
  const double expected = ratePerRequest(growth, table) * static_cast<double>(since.requests);
  return expected >= kEnoughUnits * static_cast<double>(growth.unit()) &&
         static_cast<double>(since.risen) < kStoppedShare * expected;
}

std::uint64_t decidingRound(const Growth& growth, const GrowthTable& table, const Judgement& work) {
  if (growth.rests.blocks.size() < 2 || table.restDrivers.empty() || fell(growth)) return 0;
  const Since since = sinceFirstRest(growth, table);
  if (maySpanGivenBack(growth, table, work)) {
    const bool decided = since.risen > 0 || since.requests >= since.before * 9 / 10;
    return decided ? 0 : std::max<std::uint64_t>(since.before / kLongRounds, 1);
  }
  if (!work.proved || !isSteady(growth, work) || since.requests > 0) return 0;
  const double rate = ratePerRequest(growth, table);
  if (rate <= 0) return 0;
  const auto enough =
      static_cast<std::uint64_t>(std::ceil(kEnoughUnits * static_cast<double>(growth.unit()) / rate));
  return std::clamp(enough, since.before / kShortRounds, since.before / kLongRounds) + 1;
}

}  // namespace leakgate
