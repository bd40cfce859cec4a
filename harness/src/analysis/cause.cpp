#include "analysis/cause.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace leakgate {

namespace {

using CountOf = std::function<std::uint64_t(const Checkpoint&)>;

constexpr int kFirstErrorStatus = 400;

// With very many steps (an imported access log) some step's count resembles any small rise by chance. Steps
// are considered only for a rise of at least kStepUnits, and approximate fits and pairs only among few steps.
constexpr std::int64_t kStepUnits = 64;
constexpr std::size_t kFewSteps = 32;

Work cumulative(const RunRecord& record, const CountOf& countOf) {
  Work work{0};
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    work.push_back(work.back() + countOf(record.checkpoints[k]));
  }
  return work;
}

std::uint64_t stepCount(const Checkpoint& checkpoint, std::size_t step) {
  return step < checkpoint.block.byStep.size() ? checkpoint.block.byStep[step] : 0;
}

std::uint64_t abortedCount(const Scenario& scenario, const Checkpoint& checkpoint) {
  std::uint64_t sum = 0;
  for (std::size_t s = 0; s < scenario.steps.size(); ++s) {
    if (scenario.steps[s].abort != AbortPoint::none) sum += stepCount(checkpoint, s);
  }
  return sum;
}

std::uint64_t errorCount(const Checkpoint& checkpoint) {
  std::uint64_t sum = 0;
  for (const auto& [status, count] : checkpoint.block.statuses) {
    if (status >= kFirstErrorStatus) sum += count;
  }
  return sum;
}

// Threads started, as far as checkpoints show: rises of their number.
Work threadsStarted(const RunRecord& record) {
  Work work{0};
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const auto before = record.checkpoints[k - 1].process.threads;
    const auto now = record.checkpoints[k].process.threads;
    work.push_back(work.back() + (now > before ? now - before : 0));
  }
  return work;
}

// Names the step of a driver that equals one step's count (an aborting step and "disconnect").
void nameStep(Driver& driver, const std::vector<Driver>& steps) {
  const auto same = [&](const Driver& step) { return step.work == driver.work; };
  const auto found = std::find_if(steps.begin(), steps.end(), same);
  if (found != steps.end()) driver.step = found->step;
}

std::vector<Driver> stepDrivers(const RunRecord& record) {
  std::vector<Driver> drivers;
  for (std::size_t s = 0; s < record.scenario.steps.size(); ++s) {
    const auto count = [s](const Checkpoint& c) { return stepCount(c, s); };
    const Step& step = record.scenario.steps[s];
    const Follows follows = step.abort == AbortPoint::none ? Follows::request : Follows::disconnect;
    drivers.push_back({follows, step.name, cumulative(record, count), true});
  }
  return drivers;
}

// Fits two non-negative slopes by least squares over the intervals; true when they leave less than one unit
// unexplained at every checkpoint.
bool explainedByPair(const Series& series, const Work& a, const Work& b, std::int64_t unit) {
  const auto delta = [](const auto& values, std::size_t k) {
    return static_cast<double>(values[k] - values[k - 1]);
  };
  double aa = 0, ab = 0, bb = 0, ay = 0, by = 0;
  for (std::size_t k = 1; k < series.size(); ++k) {
    const double x = delta(a, k), z = delta(b, k), y = delta(series, k);
    aa += x * x, ab += x * z, bb += z * z, ay += x * y, by += z * y;
  }
  const double determinant = aa * bb - ab * ab;
  if (determinant <= 1e-9 * aa * bb) return false;  // collinear: the pair explains no more than one of them
  const double slopeA = (ay * bb - by * ab) / determinant;
  const double slopeB = (by * aa - ay * ab) / determinant;
  if (slopeA <= 0 || slopeB <= 0) return false;
  for (std::size_t k = 1; k < series.size(); ++k) {
    const double expected = slopeA * static_cast<double>(a[k]) + slopeB * static_cast<double>(b[k]);
    if (std::abs(static_cast<double>(series[k]) - expected) >= static_cast<double>(unit)) return false;
  }
  return true;
}

Work sum(const Work& a, const Work& b) {
  Work both;
  for (std::size_t k = 0; k < a.size(); ++k) both.push_back(a[k] + b[k]);
  return both;
}

std::vector<const Driver*> fewSteps(const std::vector<Driver>& drivers) {
  std::vector<const Driver*> steps;
  for (const auto& driver : drivers) {
    if (driver.oneStep) steps.push_back(&driver);
  }
  return steps.size() <= kFewSteps ? steps : std::vector<const Driver*>{};
}

std::optional<Driver> stepPair(const Series& series, const std::vector<Driver>& drivers, std::int64_t unit) {
  // Two free slopes fit any small rise: require one that is large compared with rounding.
  if (series.back() < kStepUnits * unit) return std::nullopt;
  const auto steps = fewSteps(drivers);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = i + 1; j < steps.size(); ++j) {
      if (explainedByPair(series, steps[i]->work, steps[j]->work, unit)) {
        const bool same = steps[i]->follows == steps[j]->follows;
        return Driver{same ? steps[i]->follows : Follows::request, steps[i]->step + ", " + steps[j]->step,
                      sum(steps[i]->work, steps[j]->work)};
      }
    }
  }
  return std::nullopt;
}

// Prefers the earlier driver unless a later one fits at least twice as well. Never returns a single step:
// where several steps leak, the largest resembles the sum, and naming it alone would hide the others.
std::optional<Driver> nearest(const Series& series, const std::vector<Driver>& drivers, std::int64_t unit) {
  const Driver* best = nullptr;
  double bestMisfit = 1;
  for (const auto& driver : drivers) {
    if (driver.oneStep) continue;
    const double found = misfit(series, driver.work, unit);
    if (found >= 1 || (best != nullptr && found * 2 >= bestMisfit)) continue;
    best = &driver;
    bestMisfit = found;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

}  // namespace

std::vector<Driver> driversOf(const RunRecord& record) {
  const auto steps = stepDrivers(record);
  std::vector<Driver> drivers{
      {Follows::request, "", cumulative(record, [](const Checkpoint& c) { return c.block.requests; })},
      {Follows::connection, "",
       cumulative(record, [](const Checkpoint& c) { return c.block.connectionsOpened; })},
      {Follows::disconnect, "",
       cumulative(record, [&](const Checkpoint& c) { return abortedCount(record.scenario, c); })},
      {Follows::error, "", cumulative(record, errorCount)}};
  for (auto& driver : drivers) nameStep(driver, steps);
  drivers.insert(drivers.end(), steps.begin(), steps.end());
  drivers.push_back({Follows::thread, "", threadsStarted(record)});
  std::erase_if(drivers, [](const Driver& driver) { return driver.work.back() == 0; });
  return drivers;
}

void dropThreads(std::vector<Driver>& drivers) {
  std::erase_if(drivers, [](const Driver& driver) { return driver.follows == Follows::thread; });
}

std::optional<Cause> causeOf(const Series& series, const std::vector<Driver>& drivers, std::int64_t unit) {
  for (const auto& driver : drivers) {
    if (driver.oneStep && series.back() < kStepUnits * unit) continue;
    if (exactlyProportional(series, driver.work, unit)) return Cause{driver, true};
  }
  if (auto pair = stepPair(series, drivers, unit)) return Cause{*pair, true};
  if (auto driver = nearest(series, drivers, unit)) return Cause{*driver, false};
  return std::nullopt;
}

}  // namespace leakgate
