#include "writers/allocation_samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hostile_results.hpp"

using namespace leakgate;

namespace {

std::vector<GateResult> resultsWith(Report report) { return {resultNamed("login", std::move(report))}; }

}  // namespace

TEST_CASE("without a profile the stacks of the heap findings are sampled") {
  const auto results = resultsWith(leakyReport());
  const auto samples = allocationSamples(results);
  REQUIRE(samples.size() == 1);
  CHECK(samples[0].fingerprint == results[0].report->findings[0].fingerprint);
  CHECK(samples[0].allocatedBlocks == samples[0].liveBlocks);
  CHECK(frameName(*samples[0].frames[0]) == "std::__cxx11::basic_string::_M_create");  // innermost first
}

TEST_CASE("the steps that were replayed alone are sampled, not the mix") {
  Report report = cleanReport();
  report.profile = sampleProfile();
  const auto results = resultsWith(std::move(report));
  const auto samples = allocationSamples(results);
  REQUIRE(samples.size() == 1);
  CHECK(samples[0].step == "login");
  CHECK(samples[0].scope == "parsing");
  CHECK(samples[0].allocatedBlocks == 1'600);
  CHECK(samples[0].frames.size() == 3);
}

TEST_CASE("the samples of a mix add up to the target's total") {
  Report report = cleanReport();
  report.profile = sampleProfile();
  report.profile->steps.clear();
  const auto results = resultsWith(std::move(report));
  std::int64_t blocks = 0;
  std::int64_t live = 0;
  for (const auto& sample : allocationSamples(results)) {
    blocks += sample.allocatedBlocks;
    live += sample.liveBytes;
  }
  CHECK(blocks == 24'000);
  CHECK(live == 440);
  CHECK(allocationSamples(results).back().frames.empty());  // of the others no stack is known
}

TEST_CASE("a stack of a profile has the fingerprint of the finding that it is part of") {
  Report report = leakyReport();
  report.profile = sampleProfile();
  report.profile->steps.clear();
  report.findings[0].stacks = {{{0, 1}, {0, 8}, 1, 8, true, report.profile->stacks[1].fingerprint, {}}};
  const std::string finding = report.findings[0].fingerprint;
  const auto results = resultsWith(std::move(report));
  const auto samples = allocationSamples(results);
  REQUIRE(samples.size() == 3);
  CHECK(samples[0].fingerprint.empty());
  CHECK(samples[1].fingerprint == finding);
}
