// Reports for the tests of the pages: one that fails, one in which every name is hostile, one with many stacks.
#pragma once

#include <fmt/core.h>

#include <random>

#include "report/finding_text.hpp"
#include "report/sample_report.hpp"

namespace leakgate {

/// A leak with its trigger, and a budget that is exceeded.
inline Report failingReport() {
  Report report = leakyReport();
  report.verdict.outcome = Outcome::fail;
  report.verdict.failures = {{report.findings[0].fingerprint, findingLine(report.findings[0])},
                             {"allocations_per_request", "BUDGET  allocations_per_request is too high"}};
  report.verdict.notes = {"no baseline"};
  report.scenario.budgets["allocations_per_request"].max = 0;
  report.trigger = sampleTrigger();
  return report;
}

inline constexpr const char* kHostile =
    // NOLINTNEXTLINE(misc-misleading-bidirectional): on purpose
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>'\"&\x1b[31m\u202e";

/// Hostile in everything that another program, a request or a file names.
inline Report hostileReport() {
  Report report = failingReport();
  report.scenario.name = report.scenario.file = report.scenario.hash = kHostile;
  report.reproduce = report.startedAt = report.endReason = report.escalation = kHostile;
  report.end = RunEnd::targetFailed;
  report.command = {kHostile};
  report.environment.commit = report.environment.compiler = report.environment.cpu = kHostile;
  report.environment.runtimes = {kHostile};
  report.environment.modules = {{kHostile, kHostile}};
  report.verdict.failures.push_back({kHostile, kHostile});
  report.verdict.suspects = {{kHostile, kHostile}};
  report.verdict.notes = {kHostile};
  for (auto& finding : report.findings) {
    finding.place = {kHostile, kHostile, 1, kHostile, kHostile};
    finding.fingerprint = finding.growth.step = finding.growth.detail = kHostile;
    finding.growth.evidence = {kHostile};
    for (auto& frame : finding.stack) frame.function = frame.file = frame.module = kHostile;
    finding.stacks = {{{1}, {1}, 1, 1, true, kHostile, finding.stack},
                      {{1}, {1}, 1, 1, true, "", finding.stack}};
    finding.lines = {{finding.place, true, 0.5}};
  }
  for (auto& metric : report.metrics) metric.name = kHostile;
  for (auto& site : report.sites) site.place = {kHostile, kHostile, 1, kHostile, kHostile};
  for (auto& point : report.series) point.checkpoint = kHostile;
  report.steps = {{kHostile, 1, 1, 1, true, 1, 1, 1}};
  report.unexpected = {{kHostile, 1, kHostile}};
  report.instructions = InstructionProfile{1, "", 2, {{kHostile, kHostile, 1}}};
  report.systemCalls = SystemCallProfile{1, kHostile, "", {{kHostile, 1, 1}}};
  report.suppressed = report.findings;
  report.trigger->conclusions[0].conclusion.text = kHostile;
  return report;
}

/// 10,000 stacks of 24 frames over 3,000 functions, as a large service has.
inline AllocationProfile largeProfile() {
  constexpr std::uint32_t kFunctions = 3'000;
  constexpr std::uint32_t kDepth = 24;
  AllocationProfile profile;
  for (std::uint32_t i = 0; i < kFunctions; ++i)
    profile.frames.push_back(
        {"app::module" + std::to_string(i % 60) + "::Handler::function" + std::to_string(i),
         "/src/app/src/module" + std::to_string(i % 60) + ".cpp", i + 1, false, "server", i});
  std::mt19937 random(7);  // NOLINT: the same stacks in each run
  profile.mix.requests = 1000;
  for (std::uint32_t i = 0; i < kMaxProfiledStacks; ++i) {
    ProfiledStack stack{fmt::format("{:08x}{:08x}", random(), random()), "", false, {}};
    for (std::uint32_t depth = 0; depth < kDepth; ++depth)
      stack.frames.push_back(depth < kDepth / 2 ? random() % kFunctions : kDepth - depth);
    profile.stacks.push_back(stack);
    profile.mix.stacks.push_back({i, {kMaxProfiledStacks - i, 64}});
  }
  return profile;
}

}  // namespace leakgate
