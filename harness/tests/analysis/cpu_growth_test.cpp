#include "analysis/cpu_growth.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "analysis/analyse.hpp"
#include "analysis/steering.hpp"
#include "record_builder.hpp"

using namespace leakgate;

namespace {

// CPU time of a request as a function of its number; `noise` per block, in percent.
RunRecord withCost(const std::function<double(double)>& nsOf,
                   const std::vector<std::uint64_t>& blocks = kBlocks, std::vector<double> noise = {}) {
  RunRecord record = RecordBuilder(blocks);
  double total = 1e9;
  record.checkpoints.front().process.cpuNs = static_cast<std::uint64_t>(total);
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    Checkpoint& now = record.checkpoints[k];
    double block = 0;
    for (auto i = now.requests - now.block.requests; i < now.requests; ++i)
      block += nsOf(static_cast<double>(i));
    total += block * (1 + (k <= noise.size() ? noise[k - 1] : 0) / 100);
    now.process.cpuNs = static_cast<std::uint64_t>(total);
  }
  return record;
}

// The same with sixteen slices a thousand requests; a slice costs more by what `burst` says of its number, in percent.
RunRecord withSlices(const std::function<double(double)>& nsOf,
                     const std::function<double(std::size_t)>& burst,
                     const std::vector<std::uint64_t>& blocks = kBlocks) {
  constexpr std::uint64_t kSlice = 62;
  RunRecord record = withCost(nsOf, blocks);
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const Checkpoint& now = record.checkpoints[k];
    Checkpoint& before = record.checkpoints[k - 1];
    std::uint64_t burstNs = 0;
    for (auto end = before.requests + kSlice; end <= now.requests; end += kSlice) {
      const double ns = nsOf(static_cast<double>(end) - kSlice / 2.0) * kSlice;
      const auto more = static_cast<std::uint64_t>(ns * burst(record.cpuSlices.size()) / 100);
      record.cpuSlices.push_back({end, kSlice, static_cast<std::uint64_t>(ns) + more});
      burstNs += more;
    }
    for (std::size_t later = k; later < record.checkpoints.size(); ++later)
      record.checkpoints[later].process.cpuNs += burstNs;
  }
  return record;
}

bool rises(const RunRecord& record) { return cpuGrowth(record).value().rises(); }

}  // namespace

TEST_CASE("a cost that follows the work rises, whatever its shape") {
  CHECK(rises(withCost([](double i) { return 10'000 + i; })));
  CHECK(rises(withCost([](double i) { return 10'000 + i; }, kExtendedBlocks)));
  CHECK(rises(withCost([](double i) { return 3'000 + 50 * i; })));  // the line starts below zero
  CHECK(rises(withCost([](double i) { return 5'000 + 100 * std::sqrt(i); })));
  CHECK(rises(withCost([](double i) { return 5'000 + i * i / 1'000; })));
  CHECK(rises(withCost([](double i) { return 10'000 + i; }, kBlocks, {2, -2, 2, -1})));
}

TEST_CASE("its figures are those of the line") {
  const auto growth = cpuGrowth(withCost([](double i) { return 10'000 + i; })).value();
  CHECK(growth.nsPerRequest.size() == 4);
  CHECK(growth.percent == doctest::Approx(100 * 5'500 / 10'500.0).epsilon(0.001));
  CHECK(growth.low == doctest::Approx(growth.percent).epsilon(0.01));
}

TEST_CASE("a cost that stays, falls, or levels off does not rise") {
  CHECK_FALSE(rises(withCost([](double) { return 10'000; })));
  CHECK_FALSE(rises(withCost([](double i) { return 10'000 - i / 2; })));
  CHECK_FALSE(rises(withCost([](double i) { return 10'000 + i / 10; })));  // 5 % in all
  CHECK_FALSE(rises(withCost([](double i) { return 3'000 + 2'000 * std::log2(i + 50); })));
  CHECK_FALSE(rises(withCost([](double i) { return 10'000 + std::min(i, 3'000.0); })));  // a full list
  CHECK_FALSE(rises(withCost([](double i) { return 10'000 + std::min(i, 9'000.0); }, kExtendedBlocks)));
}

TEST_CASE("what else the machine does is no rise of the target's") {
  const auto steady = [](double) { return 10'000.0; };
  CHECK_FALSE(rises(withCost(steady, kBlocks, {0, 1, 2, 30})));
  CHECK_FALSE(rises(withCost(steady, kBlocks, {0, 20, 21, 30})));
  CHECK_FALSE(rises(withCost(steady, kBlocks, {0, 30, 15, 40})));
}

TEST_CASE("bursts of other work in some slices neither hide a rise nor make one") {
  const auto scan = [](double i) { return 14'000 + 3 * i; };
  const auto steady = [](double) { return 14'000.0; };
  const auto early = [](std::size_t slice) { return slice % 16 < 9 && slice < 32 ? 120.0 : 0.0; };
  const auto late = [](std::size_t slice) { return slice % 16 < 9 ? 2.0 * static_cast<double>(slice) : 0.0; };
  RunRecord record = withSlices(scan, early);
  CHECK(rises(record));
  record.cpuSlices.clear();
  CHECK_FALSE(rises(record));  // by whole blocks
  record = withSlices(steady, late);
  CHECK_FALSE(rises(record));
  record.cpuSlices.clear();
  CHECK(rises(record));
}

TEST_CASE("slices keep the shape of what levels off") {
  const auto none = [](std::size_t) { return 0.0; };
  CHECK(rises(withSlices([](double i) { return 10'000 + i; }, none)));
  CHECK(rises(withSlices([](double i) { return 5'000 + 100 * std::sqrt(i); }, none)));
  CHECK_FALSE(rises(withSlices([](double i) { return 3'000 + 2'000 * std::log2(i + 50); }, none)));
  CHECK_FALSE(rises(withSlices([](double i) { return 10'000 + std::min(i, 3'000.0); }, none)));
}

TEST_CASE("a target that warms up in its first block may rise all the same") {
  const std::vector<double> warmingUp{80, 0, 0, 0, 0};
  CHECK_FALSE(rises(withCost([](double i) { return 10'000 + i; }, kBlocks, warmingUp)));
  CHECK(rises(withCost([](double i) { return 10'000 + 3 * i; }, {1000, 1000, 2000, 4000, 8000}, warmingUp)));
}

TEST_CASE("too little work is not compared, and an idle interval is passed over") {
  CHECK_FALSE(cpuGrowth(withCost([](double) { return 1'000; })).has_value());
  RunRecord record = withCost([](double i) { return 10'000 + i; });
  record.checkpoints.resize(4);
  CHECK_FALSE(cpuGrowth(record).has_value());
  record = withCost([](double i) { return 10'000 + i; });
  record.checkpoints.push_back(record.checkpoints.back());
  record.checkpoints.back().block = {};
  CHECK(cpuGrowth(record).value().nsPerRequest.size() == 4);
}

TEST_CASE("a rise is a finding, and worth one block more") {
  RunRecord record = withCost([](double i) { return 10'000 + i; });
  const Analysis analysis = analyse(record);
  REQUIRE(analysis.findings.size() == 1);
  CHECK((analysis.findings[0].kind == FindingKind::slowdown));
  CHECK(analysis.findings[0].slowsByCpu());
  CHECK(analysis.findings[0].cpuNsLast > analysis.findings[0].cpuNsFirst);
  CHECK(nextBlock(record).requests > 0);
  record.extensions = 1;
  CHECK(nextBlock(record).requests == 0);
}

TEST_CASE("what is open gets two blocks more, what is decided none") {
  const auto added = [](RunRecord record, unsigned extensions) {
    record.extensions = extensions;
    return nextBlock(record).requests > 0;
  };
  const RunRecord outOfOrder = withCost([](double i) { return 10'000 + 2 * i; }, kBlocks, {60});
  REQUIRE_FALSE(rises(outOfOrder));
  CHECK(added(outOfOrder, 0));
  CHECK(added(outOfOrder, 1));
  CHECK_FALSE(added(outOfOrder, 2));
  const auto steady = [](double) { return 10'000.0; };
  CHECK(added(withCost(steady, kBlocks, {0, 150, 110, 140}), 0));
  CHECK_FALSE(added(withCost(steady, kBlocks, {0, 3, 1, 2}), 0));
  CHECK_FALSE(added(withCost(steady, kBlocks, {80, 0, 60, 10}), 0));
  CHECK_FALSE(added(withCost([](double i) { return 10'000 + std::min(i, 3'000.0); }), 0));
}
