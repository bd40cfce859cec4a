#include "gate/diff_text.hpp"

#include <fmt/core.h>

#include "report/finding_text.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

std::string difference(const MetricChange& change) {
  if (change.before.value == 0) return "";
  return fmt::format("{:+.1f} %", 100 * (change.after.value - change.before.value) / change.before.value);
}

// A count that varies on either side is compared as a spread.
MetricKind kindOf(const MetricChange& change) {
  return change.before.kind == MetricKind::spread ? MetricKind::spread : change.after.kind;
}

void addSpread(nlohmann::ordered_json& json, const char* name, const Metric& metric) {
  if (!metric.spread) return;
  json[name] = {{"runs", metric.spread->runs}, {"low", metric.spread->low}, {"high", metric.spread->high}};
}

Table changedMetrics(const Comparison& comparison) {
  Table table({{"metric"},
               {"before", Align::right},
               {"after", Align::right},
               {"change", Align::right},
               {"kind"},
               {""}});
  for (const auto& change : comparison.metrics) {
    if (change.change == Change::same || change.change == Change::notCompared) continue;
    table.add({change.after.name, asValue(change.before), asValue(change.after), difference(change),
               std::string(toString(kindOf(change))), std::string(toString(change.change))});
  }
  return table;
}

bool anyChanged(const Comparison& comparison) {
  for (const auto& change : comparison.metrics) {
    if (change.change == Change::better || change.change == Change::worse) return true;
  }
  return false;
}

std::string headline(const Comparison& comparison, const std::string& scenario) {
  return scenario + (comparison.regressed() ? ": worse than before" : ": no regression");
}

std::string environmentNote(const Comparison& comparison) {
  return comparison.sameEnvironment ? "" : "Environments differ: times, CPU and RSS were not compared.";
}

}  // namespace

std::string diffText(const Comparison& comparison, const std::string& scenario) {
  std::string text = headline(comparison, scenario) + "\n";
  for (const auto& finding : comparison.newFindings) {
    text += "new   " + findingLine(finding) + "\n";
    for (const auto& line : findingPlaceLines(finding)) text += "            " + line + "\n";
  }
  for (const auto& finding : comparison.goneFindings) text += "gone  " + finding.text + "\n";
  for (const auto& name : comparison.missing) text += "missing metric  " + name + "\n";
  text += anyChanged(comparison) ? changedMetrics(comparison).text() : "No metric changed.\n";
  if (const auto note = environmentNote(comparison); !note.empty()) text += note + "\n";
  return text;
}

std::string diffMarkdown(const Comparison& comparison, const std::string& scenario) {
  std::string text = "### " + headline(comparison, scenario) + "\n\n";
  for (const auto& finding : comparison.newFindings) text += "- **new** `" + findingLine(finding) + "`\n";
  for (const auto& finding : comparison.goneFindings) text += "- gone `" + finding.text + "`\n";
  for (const auto& name : comparison.missing) text += "- missing metric `" + name + "`\n";
  if (text.back() == '\n' && text[text.size() - 2] != '\n') text += "\n";
  text += anyChanged(comparison) ? changedMetrics(comparison).markdown() : "No metric changed.\n";
  if (const auto note = environmentNote(comparison); !note.empty()) text += "\n" + note + "\n";
  return text;
}

nlohmann::ordered_json diffJson(const Comparison& comparison, const std::string& scenario) {
  using Json = nlohmann::ordered_json;
  Json json{{"scenario", scenario},
            {"regressed", comparison.regressed()},
            {"same_environment", comparison.sameEnvironment}};
  json["metrics"] = Json::array();
  for (const auto& change : comparison.metrics) {
    Json metric{{"name", change.after.name},
                {"kind", toString(kindOf(change))},
                {"before", change.before.value},
                {"after", change.after.value},
                {"change", toString(change.change)}};
    addSpread(metric, "before_spread", change.before);
    addSpread(metric, "after_spread", change.after);
    json["metrics"].push_back(std::move(metric));
  }
  json["missing"] = comparison.missing;
  json["new_findings"] = Json::array();
  for (const auto& finding : comparison.newFindings) {
    json["new_findings"].push_back({{"fingerprint", finding.fingerprint}, {"text", findingLine(finding)}});
  }
  json["gone_findings"] = Json::array();
  for (const auto& finding : comparison.goneFindings) {
    json["gone_findings"].push_back({{"fingerprint", finding.fingerprint}, {"text", finding.text}});
  }
  return json;
}

}  // namespace leakgate
