#include "revisions/commit_gauge.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "report/sample_report.hpp"

using namespace leakgate;
using Readings = std::vector<double>;

TEST_CASE("the limit between two ends, and the side of a commit") {
  struct Row {
    const char* what;
    Readings good, bad, commit;
    Side side;
  };
  const std::vector<Row> rows{
      {"exact: as the good end", {3, 3}, {5, 5}, {3}, Side::good},
      {"exact: as the bad end", {3, 3}, {5, 5}, {5}, Side::bad},
      {"exact: better than the good end", {3, 3}, {5, 5}, {2}, Side::good},
      {"exact: beyond the bad end", {3, 3}, {5, 5}, {9}, Side::bad},
      {"exact: between, once", {3, 3}, {5, 5}, {4}, Side::unknown},
      {"exact: between, twice alike", {3, 3}, {5, 5}, {4, 4}, Side::bad},
      {"exact: between, not alike", {3, 3}, {5, 5}, {4, 4.5}, Side::unknown},
      {"exact: on both sides", {3, 3}, {5, 5}, {3, 5}, Side::unknown},
      {"got better: as before", {5, 5}, {3, 3}, {5}, Side::good},
      {"got better", {5, 5}, {3, 3}, {3}, Side::bad},
      {"got better: between, twice", {5, 5}, {3, 3}, {4, 4}, Side::bad},
      {"a leak starts", {0}, {1}, {0}, Side::good},
      {"a leak starts", {0}, {1}, {1}, Side::bad},
      {"spread: near the good end", {10, 11}, {20, 21}, {13}, Side::good},
      {"spread: near the bad end", {10, 11}, {20, 21}, {18}, Side::bad},
      {"spread: in the middle", {10, 11}, {20, 21}, {15}, Side::unknown},
      {"spread: the median decides", {10, 11}, {20, 21}, {15, 19, 19}, Side::bad},
      {"nothing read", {3, 3}, {5, 5}, {}, Side::unknown},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto limit = CommitLimit::between(row.good, row.bad);
    REQUIRE(limit.has_value());
    CHECK((limit->sideOf(row.commit) == row.side));
    CHECK(limit->rises() == (row.bad.front() > row.good.front()));
  }
}

TEST_CASE("ends that do not differ have no limit") {
  CHECK_FALSE(CommitLimit::between(Readings{3, 3}, Readings{3, 3}).has_value());
  CHECK_FALSE(CommitLimit::between(Readings{3, 5}, Readings{4, 6}).has_value());
  CHECK_FALSE(CommitLimit::between(Readings{4, 6}, Readings{3, 4}).has_value());
}

TEST_CASE("a metric is read from a report, a finding as its growth, and 0 where it is not") {
  const CommitGauge allocations = CommitGauge::ofMetric("allocations_per_request", "blocks");
  CHECK(allocations.read(allocating(4, std::nullopt, 4)) == 4);
  CHECK_FALSE(CommitGauge::ofMetric("no_such_metric", "").read(cleanReport()).has_value());

  const Report leaky = leakyReport();
  const CommitGauge leak = CommitGauge::ofFinding(leaky.findings.front());
  CHECK(leak.name() == "growth of h3::Event::setContext");
  CHECK(leak.read(leaky) == leaky.findings.front().growth.blocksPerEvent);
  CHECK(leak.read(cleanReport()) == 0);
  CHECK(leak.findIn(cleanReport()) == nullptr);
  CHECK(leak.findIn(leaky) == &leaky.findings.front());

  Report undecided = cleanReport();
  NamedObservation& rising = undecided.observations.emplace_back();
  rising.place = leaky.findings.front().place;
  rising.growth.pattern = Pattern::slow;
  CHECK_FALSE(leak.read(undecided).has_value());
  rising.growth.pattern = Pattern::bounded;
  CHECK(leak.read(undecided) == 0);
}
