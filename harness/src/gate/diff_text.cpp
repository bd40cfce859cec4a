#include "gate/diff_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gate/diff_words.hpp"
#include "gate/stack_change_text.hpp"
#include "report/finding_text.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

using Fate = FindingChange::Fate;

Table judgedTable(const std::vector<const MetricChange*>& changes) {
  Table table({{"metric"},
               {"before", Align::right},
               {"after", Align::right},
               {"change", Align::right},
               {"kind"},
               {""}});
  for (const MetricChange* change : changes)
    table.add({change->after.name, asValue(change->before), asValue(change->after), difference(*change),
               std::string(toString(kindOf(*change))), std::string(toString(change->change))});
  return table;
}

Table shownTable(const std::vector<const MetricChange*>& changes) {
  Table table({{"metric"}, {"before", Align::right}, {"after", Align::right}, {"change", Align::right}});
  for (const MetricChange* change : changes)
    table.add({change->after.name, asValue(change->before), asValue(change->after), difference(*change)});
  return table;
}

Table stepTable(const std::vector<StepChange>& changes) {
  Table table({{"step"}, {"median before", Align::right}, {"after", Align::right}, {"change", Align::right}});
  for (const StepChange& change : changes)
    table.add({change.step, asTime(change.beforeNs), asTime(change.afterNs),
               fmt::format("{:+.1f} %", change.percent())});
  return table;
}

std::string stepLine(const StepChange& change) {
  return fmt::format("        step {}: median {}, was {} ({:+.1f} %)", change.step, asTime(change.afterNs),
                     asTime(change.beforeNs), change.percent());
}

Table placeTable(const ReportDiff& diff) {
  Table table({{"blocks/request", Align::right}, {"bytes/request", Align::right}, {"place"}});
  for (const PlaceChange& change : diff.places)
    table.add({fmt::format("{:+.3f}", change.blocksAdded()), fmt::format("{:+.0f}", change.bytesAdded()),
               placeText(change)});
  if (diff.othersAdded != 0)
    table.add({fmt::format("{:+.3f}", diff.othersAdded), "", "places that a report does not name"});
  return table;
}

std::string metricLine(const MetricChange& change) {
  std::string line = fmt::format("{:<7} {}: {}, was {}", toString(change.change), change.after.name,
                                 asValue(change.after), asValue(change.before));
  if (const std::string by = difference(change); !by.empty()) line += " (" + by + ")";
  return line;
}

std::string shownLine(const MetricChange& change) {
  return fmt::format("        {}: {}, was {} ({})", change.after.name, asValue(change.after),
                     asValue(change.before), difference(change));
}

bool anythingJudged(const ReportDiff& diff) {
  return !judgedChanges(diff.comparison).empty() || !diff.comparison.missing.empty() ||
         std::any_of(diff.findings.begin(), diff.findings.end(), isWorthALine);
}

std::string findingLines(const FindingChange& change) {
  std::string text = fmt::format("{:<7} {}\n", changeWord(change), lineOf(change));
  if (const std::string earlier = earlierText(change); !earlier.empty()) text += "        " + earlier + "\n";
  if (change.fate == Fate::added || change.fate == Fate::grew)
    for (const auto& line : findingPlaceLines(*change.after)) text += "            " + line + "\n";
  return text;
}

// Why sampled metrics were not compared.
std::string environmentText(const ReportDiff& diff) {
  if (diff.comparison.sameEnvironment) return "";
  std::string text = "Times, CPU and RSS were not compared, the environments differ:\n";
  for (const std::string& change : diff.environment) text += "        " + change + "\n";
  return text;
}

nlohmann::ordered_json findingJson(const FindingChange& change) {
  nlohmann::ordered_json json{{"change", fateWord(change.fate)}};
  json["fingerprint"] = change.after != nullptr    ? change.after->fingerprint
                        : change.before != nullptr ? change.before->fingerprint
                                                   : "";
  json["text"] = lineOf(change);
  if (change.after != nullptr && !change.text.empty()) {
    json["before"] = change.text;
    json["similarity"] = change.similarity;
  }
  return json;
}

nlohmann::ordered_json placeJson(const PlaceChange& change) {
  const Place& place = change.after.blocks == 0 ? change.before.place : change.after.place;
  nlohmann::ordered_json json{{"function", place.function},
                              {"file", place.file},
                              {"line", place.line},
                              {"scope", place.scope},
                              {"blocks_before", change.before.blocks},
                              {"blocks_after", change.after.blocks},
                              {"bytes_before", change.before.bytes},
                              {"bytes_after", change.after.bytes}};
  if (change.similarity < 1) {
    json["function_before"] = change.before.place.function;
    json["similarity"] = change.similarity;
  }
  return json;
}

void addSpread(nlohmann::ordered_json& json, const char* name, const Metric& metric) {
  if (!metric.spread) return;
  json[name] = {{"runs", metric.spread->runs}, {"low", metric.spread->low}, {"high", metric.spread->high}};
}

nlohmann::ordered_json metricJson(const MetricChange& change) {
  nlohmann::ordered_json json{{"name", change.after.name},        {"unit", change.after.unit},
                              {"kind", toString(kindOf(change))}, {"before", change.before.value},
                              {"after", change.after.value},      {"change", toString(change.change)}};
  addSpread(json, "before_spread", change.before);
  addSpread(json, "after_spread", change.after);
  return json;
}

}  // namespace

std::string diffText(const ReportDiff& diff, const std::string& scenario) {
  std::string text = headline(diff, scenario) + "\n";
  for (const FindingChange& change : diff.findings)
    if (isWorthALine(change)) text += findingLines(change);
  for (const auto& name : diff.comparison.missing) text += "missing " + name + "\n";
  for (const MetricChange* change : judgedChanges(diff.comparison)) text += metricLine(*change) + "\n";
  if (!anythingJudged(diff)) text += "No count and no finding changed.\n";
  if (!diff.places.empty()) text += "\nAllocations by place\n" + placeTable(diff).text();
  for (const PartChanges& part : diff.stacks)
    if (const auto stacks = stackChangesText(part); !stacks.empty()) text += "\n" + stacks;
  const auto shown = shownChanges(diff.comparison);
  if (!shown.empty() || !diff.steps.empty()) text += fmt::format("\n{}\n", kNotJudged);
  for (const MetricChange* change : shown) text += shownLine(*change) + "\n";
  for (const StepChange& change : diff.steps) text += stepLine(change) + "\n";
  if (const auto note = environmentText(diff); !note.empty()) text += "\n" + note;
  return text;
}

std::string diffMarkdown(const ReportDiff& diff, const std::string& scenario) {
  std::string text = "### " + headline(diff, scenario) + "\n\n";
  for (const FindingChange& change : diff.findings) {
    if (!isWorthALine(change)) continue;
    text += fmt::format("- **{}** `{}`\n", changeWord(change), lineOf(change));
    if (const auto earlier = earlierText(change); !earlier.empty())
      text += fmt::format("  <br>`{}`\n", earlier);
  }
  for (const auto& name : diff.comparison.missing) text += "- **missing metric** `" + name + "`\n";
  if (!text.ends_with("\n\n")) text += "\n";
  const auto judged = judgedChanges(diff.comparison);
  if (!judged.empty()) text += judgedTable(judged).markdown();
  if (!anythingJudged(diff)) text += "No count and no finding changed.\n";
  if (!diff.places.empty()) text += "\n#### Allocations by place\n\n" + placeTable(diff).markdown();
  for (const PartChanges& part : diff.stacks)
    if (const auto stacks = stackChangesMarkdown(part); !stacks.empty()) text += "\n" + stacks;
  const auto shown = shownChanges(diff.comparison);
  std::string tables = shown.empty() ? "" : shownTable(shown).markdown();
  if (!diff.steps.empty()) tables += (shown.empty() ? "" : "\n") + stepTable(diff.steps).markdown();
  if (!tables.empty())
    text += fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", kNotJudged, tables);
  if (const auto note = environmentText(diff); !note.empty()) text += "\n" + note;
  return text;
}

nlohmann::ordered_json diffJson(const ReportDiff& diff, const std::string& scenario) {
  using Json = nlohmann::ordered_json;
  Json json{{"scenario", scenario},
            {"regressed", diff.regressed()},
            {"same_environment", diff.comparison.sameEnvironment},
            {"environment", diff.environment}};
  json["metrics"] = Json::array();
  for (const auto& change : diff.comparison.metrics) json["metrics"].push_back(metricJson(change));
  json["missing"] = diff.comparison.missing;
  json["findings"] = Json::array();
  for (const auto& change : diff.findings) json["findings"].push_back(findingJson(change));
  json["places"] = Json::array();
  for (const auto& change : diff.places) json["places"].push_back(placeJson(change));
  json["other_places"] = diff.othersAdded;
  json["stacks"] = Json::array();
  for (const PartChanges& part : diff.stacks) json["stacks"].push_back(stackChangesJson(part));
  json["steps"] = Json::array();
  for (const StepChange& change : diff.steps)
    json["steps"].push_back(
        {{"step", change.step}, {"p50_ns_before", change.beforeNs}, {"p50_ns_after", change.afterNs}});
  json["new_findings"] = Json::array();
  for (const auto& finding : diff.comparison.newFindings)
    json["new_findings"].push_back({{"fingerprint", finding.fingerprint}, {"text", findingLine(finding)}});
  json["gone_findings"] = Json::array();
  for (const auto& finding : diff.comparison.goneFindings)
    json["gone_findings"].push_back({{"fingerprint", finding.fingerprint}, {"text", finding.text}});
  return json;
}

}  // namespace leakgate
