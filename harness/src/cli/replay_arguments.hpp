// Options that every command with a replay in it takes: how deep it looks, and what it does after a finding.
#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include "session/measure.hpp"
#include "session/trigger_phase.hpp"

namespace leakgate {

/// Time for a scenario, unless --max-seconds says another.
inline constexpr unsigned kMaxSeconds = 900;
inline constexpr unsigned kReadySeconds = 10;

struct ReplayArguments {
  std::string depth = "auto";
  std::string suppressions;
  unsigned triggerSeconds = kTriggerSeconds;
  unsigned maxSeconds = kMaxSeconds;
  unsigned readySeconds = kReadySeconds;
  bool noTrigger = false;
  std::string findRate;  ///< "1/10000"

  DepthChoice depthChoice() const { return depthChoiceOf(depth); }

  /// Measured requests that --find-rate takes; 0 when it is not given.
  std::uint64_t seeRequests() const;

  /// Zero: no experiments.
  std::chrono::seconds triggerTime() const { return std::chrono::seconds(noTrigger ? 0 : triggerSeconds); }

  std::chrono::seconds maxTime() const { return std::chrono::seconds(maxSeconds); }
  std::chrono::seconds readyTime() const { return std::chrono::seconds(readySeconds); }

  /// As they are typed, with a blank before each, for a command line that repeats the run.
  std::string typed() const;
};

/// Adds --depth with "auto" and `depths` ("sites" ...), --suppressions, --no-trigger, --trigger-seconds,
/// --max-seconds and --ready-seconds.
/// The arguments must outlive the parsing.
void addReplayOptions(CLI::App& command, ReplayArguments& arguments,
                      std::initializer_list<std::string_view> depths);

}  // namespace leakgate
