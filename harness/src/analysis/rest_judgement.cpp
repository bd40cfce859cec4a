#include "analysis/rest_judgement.hpp"

#include <algorithm>

#include "analysis/counting_noise.hpp"
#include "analysis/managed_course.hpp"

namespace leakgate {

namespace {

double secondsUntilFallen(const Growth& growth, const GrowthTable& table) {
  const Series& idle = growth.judged(growth.idle);
  double at = table.idleSeconds.empty() ? 0 : table.idleSeconds.back();
  for (std::size_t k = 1; k < idle.size(); ++k) {
    if (idle[k] < idle[k - 1]) at = table.idleSeconds[k];
  }
  return at;
}

// Whether the remainder after cool-downs rises, round after round, in proportion to the requests between
// them.
bool restRises(const Growth& growth, const GrowthTable& table) {
  const Series& rests = growth.judged(growth.rests);
  if (rests.size() < 3 || table.restDrivers.empty()) return false;
  const Work& work = table.restDrivers.front().work;
  const std::size_t last = rests.size() - 1;
  const auto between = [&](std::size_t k) { return static_cast<double>(work[k] - work[k - 1]); };
  const auto unit = static_cast<double>(growth.unit());
  // Objects that come and go while it does not fall in the rest: their number alone may rise twice.
  const bool mayBeChance = growth.isManaged() && !fell(growth);
  if (mayBeChance && rests[last] - rests[last - 1] < largestFall(growth)) return false;
  const double before = static_cast<double>(rests[last - 1] - rests[last - 2]) / unit;
  const double risen = static_cast<double>(rests[last] - rests[last - 1]) / unit;
  if (risen < static_cast<double>(kSureUnits) || between(last - 1) <= 0) return false;
  return countsAgree(risen, before * between(last) / between(last - 1));
}

// Whether every round so far adds what the requests before the first rest make expected.
bool roundsAgree(const Growth& growth, const GrowthTable& table) {
  const Series& rests = growth.judged(growth.rests);
  if (rests.size() < 2 || table.restDrivers.empty()) return false;
  const Work& work = table.restDrivers.front().work;
  if (work[1] == 0 || rests[1] - rests[0] < kSureUnits * growth.unit()) return false;
  const auto units = [&](std::size_t from, std::size_t to) {
    return static_cast<double>(rests[to] - rests[from]) / static_cast<double>(growth.unit());
  };
  const double rate = units(0, 1) / static_cast<double>(work[1]);
  for (std::size_t k = 2; k < rests.size(); ++k) {
    const double risen = units(k - 1, k);
    const double expected = rate * static_cast<double>(work[k] - work[k - 1]);
    if (risen < static_cast<double>(kSureUnits) || !countsAgree(risen, expected)) return false;
  }
  return true;
}

// From the first cool-down on: before it there are first-time allocations.
Judgement risenOverRests(const Growth& growth, const GrowthTable& table) {
  Judgement judgement;
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
  const Series& judged = growth.byBlocks() ? judgement.blocks : judgement.bytes;
  judgement.cause = causeOf(judged, drivers, growth.unit());
  if (!judgement.cause) judgement.cause = Cause{drivers.front(), false};
  setAmounts(judgement, judgement.blocks, judgement.bytes, judgement.cause->driver.work);
  return judgement;
}

}  // namespace

Judgement judgeRest(const Growth& growth, const GrowthTable& table) {
  Judgement judgement;
  judgement.pattern = Pattern::givenBack;
  if (restRises(growth, table)) judgement = risenOverRests(growth, table);
  judgement.idleSeconds = secondsUntilFallen(growth, table);
  return judgement;
}

Judgement judgeNoisyRest(const Growth& growth, const GrowthTable& table, Judgement work) {
  if (growth.judged(growth.rests).size() < 2 + kNoisyRounds || !roundsAgree(growth, table)) return work;
  return risenOverRests(growth, table);
}

bool keepsNoisyRest(const Growth& growth) {
  return !growth.isManaged() && !growth.rests.blocks.empty() && !fell(growth) && hidesInNoise(growth);
}

bool noisyRestIsUndecided(const Growth& growth, const GrowthTable& table) {
  return growth.judged(growth.rests).size() < 2 + kNoisyRounds && roundsAgree(growth, table);
}

bool mayRemain(const Growth& growth) { return mayStillRise(growth.judged()) || hidesInNoise(growth); }

bool fell(const Growth& growth) {
  const Series& idle = growth.judged(growth.idle);
  if (idle.size() < 2) return false;
  const double risen = static_cast<double>(growth.judged().back());
  const double fallen = static_cast<double>(idle.front() - idle.back());
  return fallen > std::max(kFallShare * risen, static_cast<double>(growth.unit()));
}

bool leavesRest(const Growth& growth, const GrowthTable& table) {
  return fell(growth) && remainsUndecided(growth, table);
}

bool remainsUndecided(const Growth& growth, const GrowthTable& table) {
  if (growth.rests.blocks.empty()) return false;
  const Series& rests = growth.judged(growth.rests);
  if (rests.size() < 2 || rests.back() - rests.front() < kSureUnits * growth.unit()) return false;
  if (rests.size() == 2) return true;
  const bool stopped = rests.back() - rests[rests.size() - 2] < kSureUnits * growth.unit();
  return !stopped && !restRises(growth, table);
}

}  // namespace leakgate
