#include "analysis/cause.hpp"

#include <doctest/doctest.h>

#include "record_builder.hpp"

using namespace leakgate;

namespace {

// A seeded mix: the share of each step differs from block to block.
const std::vector<std::vector<std::uint64_t>> kMix{{740, 260}, {761, 239}, {1489, 511}, {3010, 990}};
const Series kLogins{0, 740, 1501, 2990, 6000};
const Series kLogouts{0, 260, 499, 1010, 2000};

Cause causeIn(const RunRecord& record, const Series& series) {
  auto cause = causeOf(series, driversOf(record));
  REQUIRE(cause.has_value());
  return *cause;
}

Series combined(std::int64_t a, std::int64_t b) {
  Series series;
  for (std::size_t k = 0; k < kLogins.size(); ++k) series.push_back(a * kLogins[k] + b * kLogouts[k]);
  return series;
}

}  // namespace

TEST_CASE("growth of one step is distinguished from that of all requests") {
  const RunRecord record = RecordBuilder().steps(kMix);
  const auto login = causeIn(record, kLogins);
  CHECK(login.exact);
  CHECK(toString(login.driver.follows) == "request");
  CHECK(login.driver.step == "login");
  CHECK(login.driver.work.back() == 6000);

  CHECK(causeIn(record, combined(0, 2)).driver.step == "logout");
  CHECK(causeIn(record, combined(1, 1)).driver.step == "");  // every request
}

TEST_CASE("two steps that leak differently are both named") {
  auto builder = RecordBuilder().steps(kMix);
  builder.record().scenario.steps.push_back(RecordBuilder::step("idle"));
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.block.byStep.push_back(0);
  const auto cause = causeIn(builder.record(), combined(2, 1));
  CHECK(cause.exact);
  CHECK(cause.driver.step == "login, logout");
  CHECK(cause.driver.work.back() == 8000);
}

TEST_CASE("where three steps leak differently, none of them is named alone") {
  auto builder = RecordBuilder().steps({{740, 160, 100}, {761, 149, 90}, {1489, 301, 210}, {3010, 585, 405}});
  auto& steps = builder.record().scenario.steps;
  steps.push_back(RecordBuilder::step("search"));
  Series leaked{0};
  for (std::size_t k = 1; k < builder.record().checkpoints.size(); ++k) {
    const auto& byStep = builder.record().checkpoints[k].block.byStep;
    leaked.push_back(leaked.back() +
                     static_cast<std::int64_t>(1000 * byStep[0] + 10 * byStep[1] + 3 * byStep[2]));
  }
  const auto cause = causeIn(builder.record(), leaked);
  CHECK_FALSE(cause.exact);
  CHECK(toString(cause.driver.follows) == "request");
  CHECK(cause.driver.step.empty());
  CHECK(cause.driver.work.back() == 8000);
}

TEST_CASE("no step gives back what another takes: a negative share explains nothing") {
  const RunRecord record = RecordBuilder().steps(kMix);
  const auto cause = causeOf(combined(2, -1), driversOf(record));
  CHECK((!cause || (!cause->exact && cause->driver.step != "login, logout")));
}

TEST_CASE("with one step only, its name goes with the request") {
  auto builder = RecordBuilder();
  builder.record().scenario.steps.pop_back();
  for (auto& checkpoint : builder.record().checkpoints) checkpoint.block.byStep.pop_back();
  CHECK(causeIn(builder.record(), {0, 1000, 2000, 4000, 8000}).driver.step == "login");
}

TEST_CASE("connections, disconnects and errors are distinguished") {
  auto builder = RecordBuilder().steps(kMix);
  auto& record = builder.record();
  const std::uint64_t opened[] = {17, 40, 51, 200};
  const std::uint64_t errors[] = {90, 110, 250, 333};
  for (std::size_t k = 0; k < 4; ++k) {
    record.checkpoints[k + 1].block.connectionsOpened = opened[k];
    record.checkpoints[k + 1].block.statuses = {{200, 500}, {404, errors[k] - 10}, {500, 10}};
  }
  CHECK(toString(causeIn(record, {0, 17, 57, 108, 308}).driver.follows) == "connection");
  CHECK(toString(causeIn(record, {0, 90, 200, 450, 783}).driver.follows) == "error");

  record.scenario.steps[1].abort = AbortPoint::midBody;
  const auto disconnect = causeIn(record, kLogouts);
  CHECK(toString(disconnect.driver.follows) == "disconnect");
  CHECK(disconnect.driver.step == "logout");
}

TEST_CASE("a step whose client leaves is a disconnect, also where other steps' clients leave") {
  auto builder = RecordBuilder().steps(kMix);
  auto& record = builder.record();
  record.scenario.steps[0].abort = AbortPoint::midHeaders;
  record.scenario.steps[1].abort = AbortPoint::midBody;
  const auto disconnect = causeIn(record, kLogouts);
  CHECK(toString(disconnect.driver.follows) == "disconnect");
  CHECK(disconnect.driver.step == "logout");
}

TEST_CASE("when every count fits, the request is named") {
  auto builder = RecordBuilder();
  for (auto& checkpoint : builder.record().checkpoints) {
    checkpoint.block.connectionsOpened = checkpoint.block.requests;
    checkpoint.block.statuses = {{500, checkpoint.block.requests}};
  }
  CHECK(toString(causeIn(builder.record(), {0, 1000, 2000, 4000, 8000}).driver.follows) == "request");
}

TEST_CASE("growth with the threads") {
  auto builder = RecordBuilder();
  const std::uint64_t threads[] = {2, 12, 13, 13, 52};
  for (std::size_t k = 0; k < 5; ++k) builder.record().checkpoints[k].process.threads = threads[k];
  CHECK(toString(causeIn(builder.record(), {0, 30, 33, 33, 150}).driver.follows) == "thread");
}

TEST_CASE("a leak by chance follows approximately") {
  const RunRecord record = RecordBuilder().steps(kMix);
  const auto cause = causeIn(record, {0, 103, 197, 405, 801});
  CHECK_FALSE(cause.exact);
  CHECK(toString(cause.driver.follows) == "request");
}

TEST_CASE("what fills up follows nothing") {
  const RunRecord record = RecordBuilder().steps(kMix);
  CHECK_FALSE(causeOf({0, 500, 700, 760, 770}, driversOf(record)).has_value());
}

TEST_CASE("among very many steps, none is blamed for a small rise that resembles its count") {
  auto builder = RecordBuilder();
  auto& record = builder.record();
  record.scenario.steps.clear();
  for (auto& checkpoint : record.checkpoints) checkpoint.block.byStep.clear();
  // Step s is used s mod 7, s mod 5, s mod 3 and s mod 2 times: some step fits any small series.
  for (std::uint64_t s = 0; s < 210; ++s) {
    record.scenario.steps.push_back(RecordBuilder::step("page " + std::to_string(s)));
    const std::uint64_t counts[] = {s % 7, s % 5, s % 3, s % 2};
    for (std::size_t k = 0; k < 4; ++k) record.checkpoints[k + 1].block.byStep.push_back(counts[k]);
    record.checkpoints[0].block.byStep.push_back(0);
  }
  CHECK_FALSE(causeOf({0, 6, 10, 11, 12}, driversOf(record)).has_value());
}
