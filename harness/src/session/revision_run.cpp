#include "session/revision_run.hpp"

#include "revisions/build.hpp"
#include "revisions/working_directory.hpp"

namespace leakgate {

namespace {

std::string replaced(std::string text, std::string_view place, const std::string& value) {
  for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
    text.replace(at, place.size(), value);
  return text;
}

}  // namespace

Scenario scenarioIn(const std::filesystem::path& top, const RevisionPlan& plan) {
  Scenario scenario = plan.scenario;
  if (!plan.target.empty()) scenario.target.command = plan.target;
  if (plan.bin.empty()) return scenario;
  const std::string bin = (top / plan.bin).lexically_normal().string();
  for (std::string& word : scenario.target.command) word = replaced(word, "{bin}", bin);
  for (auto& [name, value] : scenario.target.env) value = replaced(value, "{bin}", bin);
  return scenario;
}

void buildCommit(Worktree& worktree, const std::string& commit, BuildFrom from, const RevisionPlan& plan,
                 const std::stop_token& stop) {
  if (worktree.commit() != commit) worktree.checkOut(commit);
  if (from == BuildFrom::nothing) worktree.clean();
  build(worktree, plan.build, plan.maxBuildTime, stop);
}

Report measureIn(const std::filesystem::path& top, const RevisionPlan& plan, const MeasureOptions& options,
                 Progress& progress) {
  const WorkingDirectory directory(top);
  Measurer measurer;  // not kept: the debug information that it reads is this build's
  Report report = measurer.measure(scenarioIn(top, plan), options, progress);
  if (report.end == RunEnd::interrupted) throw Interrupted();
  if (report.end != RunEnd::whole) throw MeasureError(report.endReason);
  return report;
}

}  // namespace leakgate
