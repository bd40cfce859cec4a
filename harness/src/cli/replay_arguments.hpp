// Options of every command with a replay: the depth, and the actions after a finding.
#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include "session/measure.hpp"
#include "session/trigger_phase.hpp"

namespace leakgate {

struct ReplayArguments {
  std::string depth = "auto";
  std::string suppressions;
  unsigned triggerSeconds = kTriggerSeconds;
  unsigned maxSeconds = kMaxSeconds;
  unsigned readySeconds = kReadySeconds;
  bool noTrigger = false;
  std::string findRate;  ///< "1/10000"

  /// The options to measure with; reads the suppressions from their file. Errors: InputError.
  MeasureOptions measureOptions() const;

  /// Zero: no experiments.
  std::chrono::seconds triggerTime() const { return std::chrono::seconds(noTrigger ? 0 : triggerSeconds); }

  /// The options as typed, with a blank before each, for a command line that repeats the run.
  std::string typed() const;
};

/// Adds --depth with "auto" and `depths` ("sites" ...), --suppressions, --no-trigger, --trigger-seconds,
/// --max-seconds and --ready-seconds.
/// The arguments must outlive the parsing.
void addReplayOptions(CLI::App& command, ReplayArguments& arguments,
                      std::initializer_list<std::string_view> depths);

}  // namespace leakgate
