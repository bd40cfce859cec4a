// Runs for tests of the history.
#pragma once

#include <fmt/core.h>

#include "history/history_run.hpp"
#include "report/hash.hpp"

namespace leakgate {

/// The commit of a number: 40 digits.
inline std::string sampleHash(std::size_t number) { return fmt::format("{:040x}", number + 0xc0ffee); }

/// Run `number` of its commit, a minute after the one before, with two counts, a time, and a finding.
inline HistoryRun sampleRun(std::size_t number, const std::string& scenario = "login") {
  HistoryRun run;
  run.identity = hashOf({scenario, std::to_string(number)});
  const auto minutes = static_cast<std::int64_t>(number);
  run.commit = {sampleHash(number), {}, 1'700'000'000 + 60 * minutes};
  if (number != 0) run.commit.parents = {sampleHash(number - 1)};
  run.scenario = scenario;
  run.workload = "1234567890abcdef";
  run.machine = {"00000000000000aa", "00000000000000bb", "GNU C++20 12.2.0", "a processor, 2 cores"};
  run.startedAt = run.commit.time + 10;
  run.values = {
      {"allocations_per_request", "", 3, "blocks", MetricKind::exact, Direction::lower},
      {"cpu_ns_per_request", "", 9758.04335, "ns", MetricKind::sampled, Direction::lower},
      {"finding.0011223344556677.bytes_per_event", "login app.cpp:31", 17, "B", MetricKind::exact,
       Direction::lower},
      {"reuse_ratio", "", 1.0 / 3, "ratio", MetricKind::spread, Direction::higher},
  };
  return run;
}

}  // namespace leakgate
