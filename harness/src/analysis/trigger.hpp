// What growth follows, concluded from experiments: one step alone, then one thing changed at a time.
//
// An experiment is a factor held still or taken away; the growth of the site that the mixed run found is
// exact in each. A trait of the step (it aborts, it is HTTP/1.0, it opens a connection ...) is what growth
// follows when it stops without the trait (necessary), and it follows that trait whatever the step when the
// trait brings the growth to a step that had none (sufficient).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "replay/run_record.hpp"
#include "scenario/variation.hpp"

namespace leakgate {

/// Whose growth is looked at: one finding of the mixed run.
struct Gauge {
  FindingKind kind = FindingKind::heap;
  std::vector<CodeLocation> callers;  ///< none: the totals
  std::string scope;
  bool byBytes = false;   ///< its blocks do not grow, they get larger
  double perRequest = 0;  ///< units (blocks, or chunks of bytes) per request in the mixed run
  std::int64_t unit = 1;  ///< bytes of a chunk; 1 for blocks
};

/// The gauge of a finding; nothing when short experiments cannot tell about it: a slowdown, growth by jumps.
std::optional<Gauge> gaugeOf(const Finding& finding, std::vector<CodeLocation> callers,
                             std::uint64_t requests);

/// Growth above the first checkpoint.
struct GrowthCourse {
  Series blocks;
  Series bytes;

  std::int64_t blockRise() const { return blocks.empty() ? 0 : blocks.back(); }
  std::int64_t byteRise() const { return bytes.empty() ? 0 : bytes.back(); }
};

GrowthCourse courseOf(const Gauge& gauge, const RunRecord& record);

inline constexpr std::size_t kAllSteps = static_cast<std::size_t>(-1);

/// One experiment and what came of it. Counts are over its measured blocks.
struct TriggerExperiment {
  std::string name;  ///< "login, HTTP/1.0"
  std::size_t step = kAllSteps;
  Variation variation = Variation::none;
  std::string problem;       ///< why nothing was measured; "" when it was
  unsigned concurrency = 1;  ///< connections of the load
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;  ///< opened
  std::uint64_t threads = 0;      ///< of the target, that allocated for the first time
  std::map<int, std::uint64_t> statuses;
  Work work;                         ///< requests at each checkpoint, the first 0
  std::vector<GrowthCourse> growth;  ///< of each gauge

  bool measured() const { return problem.empty(); }
};

/// Fills in the counts and the growth. `gauges` in the order of `growth`.
void readExperiment(TriggerExperiment& experiment, const RunRecord& record, const std::vector<Gauge>& gauges);

/// What the experiments say of one finding.
struct TriggerConclusion {
  Follows follows = Follows::unknown;
  std::string event;  ///< "abort after the headers", "HTTP/1.0 request"; "" when they do not tell
  std::string
      condition;  ///< "only when concurrent (0 in 400 alone, 37 in 400 with 8 connections)", "only when the
                  ///< client reads slowly (0 in 400 read at once, 96 in 96 read slowly)", both, or ""
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  std::uint64_t events = 0;
  bool exact = false;           ///< the same in each block
  double bytesPerBodyByte = 0;  ///< of the request's body; 0 when it does not depend on it
  bool agrees = false;          ///< with what the mixed run said
  std::string text;             ///< one sentence
};

/// `experiments` as run, `gauge` the index of the finding's among the gauges. Pure.
TriggerConclusion conclude(const Scenario& scenario, const Finding& mixed,
                           const std::vector<TriggerExperiment>& experiments, std::size_t gauge,
                           const Gauge& of);

/// Whether the gauge rose in an experiment that expects `perRequest` units a request, or by enough to say so
/// when nothing is known (0).
bool grew(const TriggerExperiment& experiment, std::size_t gauge, const Gauge& of, double perRequest);

/// Units of the gauge per request of the experiment.
double ratePerRequest(const TriggerExperiment& experiment, std::size_t gauge, const Gauge& of);

}  // namespace leakgate
