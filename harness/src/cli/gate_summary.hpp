// The report of a whole gate, leakgate.gate/1: what --json prints, -o writes and merge reads.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/gate_run.hpp"
#include "session/red_reasons.hpp"

namespace leakgate {

inline constexpr std::string_view kGateSchema = "leakgate.gate/1";

/// A part of a gate: scenario k of the sorted list is in shard k mod count, both from 0.
struct Shard {
  unsigned index = 1;  ///< from 1
  unsigned count = 1;

  bool has(std::size_t number) const { return number % count + 1 == index; }
};

inline constexpr unsigned kMaxShards = 1'000;

/// Of "2/4"; nothing for another text.
std::optional<Shard> shardOf(std::string_view text);

/// "", or what is wrong, for CLI::Validator.
std::string checkShard(const std::string& text);

struct ScenarioSummary {
  std::string name;
  Outcome outcome = Outcome::pass;
  std::optional<std::string> report;  ///< its file
  std::vector<std::string> failures;
  std::vector<std::string> notes;
  double seconds = 0;
};

struct GateSummary {
  Outcome outcome = Outcome::pass;
  int exitCode = 0;
  std::string commit;  ///< of the checkout; "" outside of one
  Shard shard;
  std::string planned;  ///< hash of the names of all scenarios, those of the other shards included
  double seconds = 0;
  std::vector<ScenarioSummary> scenarios;
  std::vector<RedReason> reasons;  ///< sorted

  std::string file;  ///< where it was read from; not in the file
};

GateSummary summaryOf(const std::vector<GateResult>& results, const std::string& gateCommand);

std::string toText(const GateSummary& summary);

/// Errors: InputError.
GateSummary readGateSummary(const std::filesystem::path& file);

/// All shards of one gate as one. Errors: MeasureError when one is missing or there twice, or when they are of
/// different commits, numbers of shards or lists of scenarios. Precondition: there is one at least.
GateSummary merged(const std::vector<GateSummary>& shards);

/// For people: a table, the first screen, the verdict in one line.
std::string mergeText(const GateSummary& summary, bool colour);

}  // namespace leakgate
