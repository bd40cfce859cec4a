#include "session/accepted_baseline.hpp"

#include <algorithm>
#include <chrono>

#include "analysis/metrics.hpp"
#include "gate/loosening.hpp"
#include "report/utc_time.hpp"
#include "revisions/repository.hpp"
#include "scenario/input_error.hpp"
#include "session/baseline_set.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

bool exactCountsDiffer(const Baseline& a, const Baseline& b) {
  return std::any_of(a.metrics.begin(), a.metrics.end(), [&](const Metric& metric) {
    const Metric* other = findMetric(b.metrics, metric.name);
    return metric.kind == MetricKind::exact && other != nullptr && other->kind == MetricKind::exact &&
           other->value != metric.value;
  });
}

// Whether nothing but the baselines was committed between the two measurements.
bool sameSource(const Environment& a, const Environment& b, const fs::path& baselines) {
  if (a.dirty || b.dirty || a.commit.empty() || b.commit.empty()) return false;
  try {
    const Repository repository(fs::current_path());
    const fs::path folder =
        fs::weakly_canonical(baselines).lexically_relative(fs::canonical(repository.top()));
    return gitIn(repository.top(),
                 {"diff", "--name-only", a.commit, b.commit, "--", ".", ":(exclude)" + folder.string()})
        .empty();
  } catch (const InputError&) {
    return false;  // a commit that this clone lacks proves nothing
  }
}

bool needsOwnToolchain(const BaselineSet& set, const Baseline& made, const fs::path& folder) {
  if (!set.plain) return false;
  const Environment& was = set.plain->environment;
  return toolchainFingerprint(was) != toolchainFingerprint(made.environment) &&
         set.plain->scenarioHash == made.scenarioHash && exactCountsDiffer(*set.plain, made) &&
         sameSource(was, made.environment, folder);
}

}  // namespace

AcceptedBaseline acceptedBaseline(const Report& report, const fs::path& folder) {
  const std::string& name = report.scenario.name;
  AcceptedBaseline accepted;
  accepted.baseline = reduce(report);
  BaselineSet set;
  try {
    set = readBaselineSet(folder, name);
  } catch (const InputError&) {
    // Replaced, but not silently: what it held cannot be compared.
    accepted.loosened.push_back({"baseline", "one that cannot be read", "a new one"});
  }
  const Baseline* before = set.of(report.environment);
  const bool isKeyed = before != nullptr && !(set.plain && before == &*set.plain);
  accepted.keyed = isKeyed || needsOwnToolchain(set, accepted.baseline, folder);
  accepted.file =
      accepted.keyed ? keyedBaselineFile(folder, name, report.environment) : jsonFileOf(folder, name);
  if (before == nullptr) return accepted;
  accepted.loosened = loosenedCounts(*before, accepted.baseline);
  accepted.baseline.log = before->log;
  return accepted;
}

void logReason(AcceptedBaseline& accepted, const std::string& reason) {
  auto& log = accepted.baseline.log;
  const auto now = std::chrono::system_clock::now();
  log.push_back({dateOf(std::chrono::system_clock::to_time_t(now)), accepted.baseline.environment.commit,
                 reason, accepted.loosened});
  if (log.size() > kMaxLogEntries)
    log.erase(log.begin(), log.end() - static_cast<std::ptrdiff_t>(kMaxLogEntries));
}

}  // namespace leakgate
