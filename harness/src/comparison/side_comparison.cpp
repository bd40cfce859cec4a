#include "comparison/side_comparison.hpp"

#include <algorithm>
#include <cmath>

#include "comparison/holm.hpp"
#include "comparison/signed_rank.hpp"

namespace leakgate {

namespace {

double asPercent(double logarithm) { return std::isinf(logarithm) ? logarithm : 100 * std::expm1(logarithm); }

double meanLog(const std::array<double, 2>& readings) {
  return (std::log(readings[0]) + std::log(readings[1])) / 2;
}

// Of one side: its second start of a round against its first.
std::vector<double> ownDifferences(const std::vector<RoundReadings>& rounds,
                                   std::array<double, 2> RoundReadings::*side) {
  std::vector<double> differences;
  differences.reserve(rounds.size());
  for (const RoundReadings& round : rounds)
    differences.push_back(std::log((round.*side)[1]) - std::log((round.*side)[0]));
  return differences;
}

double medianOf(const std::vector<RoundReadings>& rounds, std::array<double, 2> RoundReadings::*side) {
  std::vector<double> all;
  for (const RoundReadings& round : rounds) all.insert(all.end(), (round.*side).begin(), (round.*side).end());
  return median(all);
}

struct Tested {
  Interval logarithms;
  double estimate = 0;
  double p = 1;  ///< adjusted for all that were tested together
};

// `differencesOf`: those of one metric.
template <class DifferencesOf>
std::vector<Tested> testTogether(std::span<const SideReadings> readings, double alpha,
                                 DifferencesOf differencesOf) {
  std::vector<Tested> tests;
  std::vector<double> pValues;
  for (const SideReadings& one : readings) {
    const std::vector<double> differences = differencesOf(one.rounds);
    tests.push_back({hodgesLehmannInterval(differences, 1 - alpha), hodgesLehmann(differences)});
    pValues.push_back(signedRankP(differences));
  }
  const auto adjusted = holmAdjusted(pValues);
  for (std::size_t k = 0; k < tests.size(); ++k) tests[k].p = adjusted[k];
  return tests;
}

SideVerdict verdictOf(const Tested& tested, Direction direction, const ComparisonRule& rule) {
  const double low = asPercent(tested.logarithms.low);
  const double high = asPercent(tested.logarithms.high);
  if (low > -rule.withinPercent && high < rule.withinPercent) return SideVerdict::same;
  if (tested.p >= rule.alpha) return SideVerdict::cannotTell;
  return (tested.estimate > 0) == (direction == Direction::lower) ? SideVerdict::worse : SideVerdict::better;
}

SideChange changeOf(const SideReadings& readings, const Tested& tested, const ComparisonRule& rule) {
  SideChange change;
  change.metric = readings.metric;
  change.unit = readings.unit;
  change.a = medianOf(readings.rounds, &RoundReadings::a);
  change.b = medianOf(readings.rounds, &RoundReadings::b);
  change.percent = asPercent(tested.estimate);
  change.interval = {asPercent(tested.logarithms.low), asPercent(tested.logarithms.high)};
  change.p = tested.p;
  change.verdict = verdictOf(tested, readings.direction, rule);
  return change;
}

std::vector<SideChange> judged(std::span<const SideReadings> readings, const ComparisonRule& rule) {
  const auto tests =
      testTogether(readings, rule.alpha, [](const auto& rounds) { return sideDifferences(rounds); });
  std::vector<SideChange> changes;
  for (std::size_t k = 0; k < readings.size(); ++k) changes.push_back(changeOf(readings[k], tests[k], rule));
  return changes;
}

bool alarms(SideVerdict verdict) { return verdict == SideVerdict::better || verdict == SideVerdict::worse; }

void compareWithThemselves(std::span<const SideReadings> readings, const ComparisonRule& rule,
                           SideComparison& comparison) {
  for (const auto side : {&RoundReadings::a, &RoundReadings::b}) {
    const auto tests =
        testTogether(readings, rule.alpha, [&](const auto& rounds) { return ownDifferences(rounds, side); });
    for (std::size_t k = 0; k < readings.size(); ++k)
      comparison.sameSideAlarms += alarms(verdictOf(tests[k], readings[k].direction, rule)) ? 1 : 0;
    comparison.sameSideTests += static_cast<unsigned>(readings.size());
  }
}

}  // namespace

std::vector<double> sideDifferences(std::span<const RoundReadings> rounds) {
  std::vector<double> differences;
  differences.reserve(rounds.size());
  for (const RoundReadings& round : rounds) differences.push_back(meanLog(round.b) - meanLog(round.a));
  return differences;
}

SideComparison compareSides(std::span<const SideReadings> readings, const SideReadings& control,
                            const ComparisonRule& rule) {
  SideComparison comparison;
  comparison.changes = judged(readings, rule);
  comparison.control = judged(std::span(&control, 1), rule).front();
  comparison.controlMoved = alarms(comparison.control.verdict);
  compareWithThemselves(readings, rule, comparison);
  if (comparison.controlMoved)
    for (SideChange& change : comparison.changes) change.verdict = SideVerdict::cannotTell;
  return comparison;
}

bool isQuiet(double control, double medianControl) {
  constexpr double kTolerance = 0.05;
  return std::abs(control - medianControl) <= kTolerance * medianControl;
}

bool isWithinLayout(const SideChange& change) {
  return alarms(change.verdict) && change.unit != "B" && std::abs(change.percent) < kLayoutPercent;
}

std::string_view toString(SideVerdict verdict) {
  switch (verdict) {
    case SideVerdict::better:
      return "better";
    case SideVerdict::worse:
      return "worse";
    case SideVerdict::same:
      return "same";
    case SideVerdict::cannotTell:
      break;
  }
  return "cannot tell";
}

}  // namespace leakgate
