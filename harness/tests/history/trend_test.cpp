#include "history/trend.hpp"

#include <doctest/doctest.h>

#include <random>

#include "sample_runs.hpp"

using namespace leakgate;

namespace {

constexpr auto kExact = MetricKind::exact;
constexpr auto kSampled = MetricKind::sampled;

// One run for each commit, on one machine.
std::vector<TrendRun> runsOf(std::size_t count) {
  std::vector<TrendRun> runs;
  for (std::size_t i = 0; i < count; ++i)
    runs.push_back(
        {sampleHash(i), static_cast<std::int64_t>(i), "w", "build", "machine", "gcc 12", "a machine"});
  return runs;
}

TrendSeries seriesOf(const std::vector<double>& values, MetricKind kind,
                     Direction direction = Direction::lower) {
  TrendSeries series{"m", "", "blocks", direction, {}, std::vector<MetricKind>(values.size(), kind)};
  for (const double value : values) series.values.emplace_back(value);
  return series;
}

// Around `before` for the first `at`, then around `after`, with noise of one in twenty.
std::vector<double> noisy(std::size_t count, std::size_t at, double before, double after,
                          std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back((i < at ? before : after) *
                     (0.975 + 0.05 * static_cast<double>(random() % 1000) / 1000));
  return values;
}

}  // namespace

TEST_CASE("a step of an exact count is reported at its first commit") {
  const auto runs = runsOf(4);
  const SeriesTrend trend = judgeSeries(runs, seriesOf({3, 3, 3, 4}, kExact));
  CHECK(trend.exact);
  REQUIRE(trend.changes.size() == 1);
  const LevelChange& change = trend.changes[0];
  CHECK(change.exact);
  CHECK((change.effect == Effect::worse));
  CHECK(change.lastGood == 2);
  CHECK(change.firstBad == 3);
  CHECK(change.before == 3);
  CHECK(change.after == 4);
  CHECK(judgeSeries(runs, seriesOf({3, 3, 3, 3}, kExact)).changes.empty());
}

TEST_CASE("the better direction decides what is worse") {
  const auto runs = runsOf(2);
  const auto effect = [&](std::vector<double> values, Direction direction) {
    return judgeSeries(runs, seriesOf(values, kExact, direction)).changes.at(0).effect;
  };
  CHECK((effect({1, 2}, Direction::lower) == Effect::worse));
  CHECK((effect({2, 1}, Direction::lower) == Effect::better));
  CHECK((effect({1, 2}, Direction::higher) == Effect::better));
  CHECK((effect({1, 2}, Direction::none) == Effect::changed));
}

TEST_CASE("commits that were not measured between the two are counted") {
  auto runs = runsOf(3);
  runs[2].skipped = 5;
  CHECK(judgeSeries(runs, seriesOf({3, 3, 4}, kExact)).changes.at(0).skipped == 5);
  // Measured, but without this value: another commit that it may be.
  TrendSeries gap = seriesOf({3, 0, 4}, kExact);
  gap.values[1].reset();
  CHECK(judgeSeries(runs, gap).changes.at(0).lastGood == 0);
  CHECK(judgeSeries(runs, gap).changes.at(0).skipped == 6);
}

TEST_CASE("a count that differs between runs of one commit is not exact") {
  auto runs = runsOf(4);
  runs[1].commit = runs[0].commit;
  const SeriesTrend trend = judgeSeries(runs, seriesOf({3, 4, 4, 4}, kExact));
  CHECK_FALSE(trend.exact);
  CHECK(trend.changes.empty());
  CHECK(trend.missingRuns == 6);
}

TEST_CASE("a count that goes to and fro is not exact") {
  const auto runs = runsOf(12);
  const SeriesTrend trend = judgeSeries(runs, seriesOf({3, 4, 3, 3, 4, 4, 3, 4, 3, 3, 3, 3}, kExact));
  CHECK_FALSE(trend.exact);
  CHECK(trend.changes.empty());
}

TEST_CASE("what is sampled changes by change points") {
  const auto runs = runsOf(30);
  const SeriesTrend trend = judgeSeries(runs, seriesOf(noisy(30, 20, 100, 120), kSampled));
  REQUIRE(trend.changes.size() == 1);
  CHECK(trend.changes[0].firstBad == 20);
  CHECK(trend.changes[0].lastGood == 19);
  CHECK(trend.changes[0].p <= 0.001);
  CHECK(trend.changes[0].after / trend.changes[0].before == doctest::Approx(1.2).epsilon(0.03));
  CHECK_FALSE(trend.exact);
  CHECK_FALSE(trend.undecided);
}

TEST_CASE("of ten steps the one that costs a fifth more is named") {
  const auto runs = runsOf(30);
  for (std::uint64_t step = 0; step < 10; ++step) {
    CAPTURE(step);
    const double after = step == 6 ? 120 : 100;
    const SeriesTrend trend = judgeSeries(runs, seriesOf(noisy(30, 22, 100, after, step + 1), kSampled));
    CHECK(trend.changes.size() == (step == 6 ? 1 : 0));
  }
}

TEST_CASE("a change below one percent is not reported") {
  CHECK(judgeSeries(runsOf(40), seriesOf(
                                    [] {
                                      std::vector<double> values(20, 1000);
                                      values.resize(40, 1005);
                                      return values;
                                    }(),
                                    kSampled))
            .changes.empty());
}

TEST_CASE("too few runs, and runs that stand out at the end, are undecided") {
  CHECK(judgeSeries(runsOf(4), seriesOf({1, 2, 1, 2}, kSampled)).missingRuns == 6);
  const auto trend = judgeSeries(runsOf(22), seriesOf(noisy(22, 20, 100, 130), kSampled));
  CHECK(trend.changes.empty());
  REQUIRE(trend.undecided);
  CHECK(trend.undecided->firstBad == 20);
  CHECK(trend.undecided->moreRuns == 3);
  // The runs that it asked for decide it.
  CHECK(judgeSeries(runsOf(25), seriesOf(noisy(25, 20, 100, 130), kSampled)).changes.size() == 1);
  CHECK_FALSE(judgeSeries(runsOf(22), seriesOf(noisy(22, 22, 100, 100), kSampled)).undecided);
}

TEST_CASE("another machine or compiler is a marker and no change") {
  auto runs = runsOf(24);
  for (std::size_t i = 12; i < 24; ++i) {
    runs[i].fingerprint = "other machine";
    runs[i].machine = "a faster machine";
  }
  CHECK(judgeSeries(runs, seriesOf(noisy(24, 12, 100, 150), kSampled)).changes.empty());
  // Exact counts still compare.
  std::vector<double> counts(12, 3);
  counts.resize(24, 4);
  CHECK(judgeSeries(runs, seriesOf(counts, kExact)).changes.size() == 1);
  auto markers = markersOf(runs);
  REQUIRE(markers.size() == 1);
  CHECK(markers[0].at == 12);
  CHECK(markers[0].text == "another machine: a faster machine; exact counts still compare");
  for (std::size_t i = 12; i < 24; ++i) {
    runs[i].countsKey = "other build";
    runs[i].compiler = "gcc 13";
  }
  CHECK(judgeSeries(runs, seriesOf(counts, kExact)).changes.empty());
  markers = markersOf(runs);
  REQUIRE(markers.size() == 1);
  CHECK(markers[0].text == "another compiler: gcc 12 -> gcc 13");
  runs[23].workload = "other";
  CHECK(markersOf(runs).size() == 2);
  CHECK(judgeSeries(
            runs, seriesOf({3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4}, kExact))
            .changes.empty());
}

TEST_CASE("two machines in turn are two lanes; what both saw is one change, where their intervals overlap") {
  auto runs = runsOf(8);
  for (std::size_t i = 1; i < 8; i += 2) {
    runs[i].fingerprint = "m2";
    runs[i].countsKey = "b2";
  }
  // The second machine counts one more, always; from commit 4 on both count two more.
  const SeriesTrend trend = judgeSeries(runs, seriesOf({3, 4, 3, 4, 5, 6, 5, 6}, kExact));
  REQUIRE(trend.changes.size() == 1);
  CHECK(trend.changes[0].firstBad == 4);
  CHECK(trend.changes[0].lastGood == 2);
  CHECK(trend.changes[0].skipped == 1);
  CHECK(markersOf(runs).size() == 1);
}

TEST_CASE("zero to N has no percentage") {
  CHECK_FALSE(percentOf(0, 3));
  CHECK(*percentOf(4, 5) == 25);
  CHECK(*percentOf(-4, -5) == -25);
}
