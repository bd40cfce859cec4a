#include "writers/ranked_reasons.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "writers/foreign_text.hpp"

namespace leakgate {

namespace {

// The first with this name and fingerprint: of results of one name all look the same to a reader.
void findResult(RankedReason& reason, const std::vector<GateResult>& results) {
  for (const auto& result : results) {
    if (result.name != reason.worst.scenario) continue;
    if (reason.result == nullptr) reason.result = &result;
    if (!result.report) continue;
    const auto& findings = result.report->findings;
    const auto found = std::ranges::find(findings, reason.worst.fingerprint, &NamedFinding::fingerprint);
    if (found == findings.end()) continue;
    reason.result = &result;
    reason.finding = &*found;
    return;
  }
}

}  // namespace

std::string RankedReason::text() const {
  std::string lines = foreignLine(worst.what);
  if (scenarios.size() > 1) {
    constexpr std::size_t kShown = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(kShown, scenarios.size()); ++i)
      names += (i == 0 ? "" : ", ") + foreignLine(scenarios[i], kMaxNameBytes / kShown);
    lines += fmt::format("\nin {} scenarios: {}{}", scenarios.size(), names,
                         scenarios.size() > kShown ? " ..." : "");
  } else {
    lines += "\nin scenario " + foreignLine(worst.scenario);
  }
  if (!worst.place.empty()) lines += "\nplace " + foreignLine(worst.place);
  lines += "\nfingerprint " + worst.fingerprint;
  return lines + "\nreproduce " + foreignLine(worst.reproduce, kMaxMessageBytes);
}

std::vector<RankedReason> rankedReasons(const WriterInput& input) {
  std::vector<RankedReason> ranked;
  std::unordered_map<std::string, std::size_t> places;
  for (auto& reason : redReasons(input.results, input.command)) {
    const auto [place, isNew] = places.emplace(reason.fingerprint, ranked.size());
    if (isNew) ranked.push_back({std::move(reason), {}, nullptr, nullptr});
    auto& scenarios = ranked[place->second].scenarios;
    const std::string& name = isNew ? ranked.back().worst.scenario : reason.scenario;
    if (std::ranges::find(scenarios, name) == scenarios.end()) scenarios.push_back(name);
  }
  for (auto& reason : ranked) findResult(reason, input.results);
  return ranked;
}

}  // namespace leakgate
