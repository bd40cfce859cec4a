#include "gate/rerun.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "gate/report_diff.hpp"
#include "report/finding_text.hpp"

namespace leakgate {

namespace {

bool isCount(const MetricChange& change) { return change.after.kind != MetricKind::sampled; }

void addCounts(const Comparison& comparison, Rerun& rerun) {
  for (const auto& change : comparison.metrics) {
    if (!isCount(change) || change.change == Change::notCompared) continue;
    ++rerun.counts;
    if (change.change == Change::same) continue;
    rerun.differences.push_back(
        fmt::format("{}: {}, was {}", change.after.name, asValue(change.after), asValue(change.before)));
  }
  for (const auto& name : comparison.missing) rerun.differences.push_back(name + ": not measured");
}

std::string differenceOf(const FindingChange& change) {
  switch (change.fate) {
    case FindingChange::Fate::added:
      return "not in the report: " + findingLine(*change.after);
    case FindingChange::Fate::gone:
      return "did not come back: " + change.text;
    case FindingChange::Fate::grew:
    case FindingChange::Fate::shrank:
      return fmt::format("{}, was {}", findingHeadline(*change.after), findingHeadline(*change.before));
    case FindingChange::Fate::same:
      break;
  }
  return "";
}

std::string commitText(const Environment& environment) {
  if (environment.commit.empty()) return "none";
  return environment.commit + (environment.dirty ? " with changes" : "");
}

void addCauses(const Report& before, const Report& after, Rerun& rerun) {
  const Environment& was = before.environment;
  const Environment& is = after.environment;
  if (was.commit != is.commit || was.dirty || is.dirty)
    rerun.causes.push_back(fmt::format("commit: {}, now {}", commitText(was), commitText(is)));
  if (was.modules.empty() || is.modules.empty()) return;
  if (was.modules.front() != is.modules.front()) {
    rerun.causes.push_back(fmt::format("program: {} with build id {}, now {} with {}",
                                       was.modules.front().name, was.modules.front().buildId,
                                       is.modules.front().name, is.modules.front().buildId));
  }
}

std::string listed(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += "  " + line + "\n";
  return text;
}

}  // namespace

Rerun compareRerun(const Report& before, const Report& after) {
  const ReportDiff diff = diffReports(before, after);
  Rerun rerun;
  addCounts(diff.comparison, rerun);
  for (const auto& change : diff.findings) {
    if (change.fate != FindingChange::Fate::added) ++rerun.findings;
    if (std::string text = differenceOf(change); !text.empty()) rerun.differences.push_back(std::move(text));
  }
  addCauses(before, after, rerun);
  rerun.causes.insert(rerun.causes.end(), diff.environment.begin(), diff.environment.end());
  return rerun;
}

std::string rerunText(const Rerun& rerun, const std::string& scenario, const std::string& file) {
  const std::string causes = listed(rerun.causes);
  if (rerun.differences.empty()) {
    return fmt::format("SAME  {}: {} counts and {} {} as in {}\n", scenario, rerun.counts, rerun.findings,
                       rerun.findings == 1 ? "finding" : "findings", file) +
           (causes.empty() ? "" : "although these differ:\n" + causes);
  }
  return fmt::format("DIFFERS  {}: from {}\n", scenario, file) + listed(rerun.differences) +
         (causes.empty() ? "Nothing that leakgate knows differs: the count varies from run to run.\n"
                         : "What may be why:\n" + causes);
}

std::string rerunJson(const Rerun& rerun, const std::string& scenario) {
  const nlohmann::ordered_json json{
      {"scenario", scenario},       {"same", rerun.differences.empty()}, {"counts", rerun.counts},
      {"findings", rerun.findings}, {"differences", rerun.differences},  {"causes", rerun.causes}};
  return json.dump(2) + "\n";
}

}  // namespace leakgate
