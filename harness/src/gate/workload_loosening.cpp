#include "gate/workload_loosening.hpp"

#include <algorithm>

#include "report/finding_text.hpp"

namespace leakgate {

namespace {

std::string statusText(const Expect& expect) {
  if (expect.below != 0) return "any status below " + std::to_string(expect.below);
  if (expect.statuses.empty()) return "any status";
  std::string text;
  for (const int status : expect.statuses)
    text += (text.empty() ? "status " : " or ") + std::to_string(status);
  return text;
}

std::string expectText(const std::optional<Expect>& expect) {
  if (!expect) return "nothing";
  return statusText(*expect) + (expect->body ? " and an exact body" : "");
}

bool acceptsStatus(const Expect& expect, int status) {
  if (expect.below != 0) return status < expect.below;
  return expect.statuses.empty() ||
         std::find(expect.statuses.begin(), expect.statuses.end(), status) != expect.statuses.end();
}

bool isLooser(const std::optional<Expect>& before, const std::optional<Expect>& after) {
  constexpr int kFirstStatus = 100;
  constexpr int kLastStatus = 999;
  if (!before || !after) return before.has_value();
  if (before->body && !after->body) return true;
  for (int status = kFirstStatus; status <= kLastStatus; ++status) {
    if (acceptsStatus(*after, status) && !acceptsStatus(*before, status)) return true;
  }
  return false;
}

std::string commandText(const TargetSpec& target) {
  std::string text;
  for (const auto& word : target.command) text += (text.empty() ? "" : " ") + word;
  return text;
}

void addSteps(const Scenario& before, const Scenario& after, std::vector<Loosening>& list) {
  for (const auto& step : before.steps) {
    const auto now = std::find_if(after.steps.begin(), after.steps.end(),
                                  [&](const Step& other) { return other.name == step.name; });
    if (now == after.steps.end()) {
      list.push_back({"step " + step.name, step.method + " " + step.path, "gone"});
    } else if (isLooser(step.expect, now->expect)) {
      list.push_back({"expect of step " + step.name, expectText(step.expect), expectText(now->expect)});
    }
  }
}

}  // namespace

std::vector<Loosening> loosenedWorkload(const Scenario& before, const Scenario& after) {
  const auto count = [](std::uint64_t number) { return withThousands(static_cast<std::int64_t>(number)); };
  std::vector<Loosening> list;
  addSteps(before, after, list);
  if (after.load.requests < before.load.requests)
    list.push_back({"load.requests", count(before.load.requests), count(after.load.requests)});
  if (after.load.connections < before.load.connections)
    list.push_back({"load.connections", count(before.load.connections), count(after.load.connections)});
  if (after.target.command != before.target.command)
    list.push_back({"target.command", commandText(before.target), commandText(after.target)});
  return list;
}

}  // namespace leakgate
