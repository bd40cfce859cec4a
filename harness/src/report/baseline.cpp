#include "report/baseline.hpp"

#include <algorithm>

#include "report/atomic_file.hpp"
#include "report/finding_text.hpp"
#include "report/gate_data.hpp"
#include "report/report_fields.hpp"
#include "report/report_json.hpp"
#include "scenario/write.hpp"

namespace leakgate {

// Found by argument-dependent lookup, hence not in the unnamed namespace.
template <class A>
void fields(A& a, typename A::template Ref<KnownFinding> finding) {
  a("fingerprint", finding.fingerprint);
  a("text", finding.text);
  a.optional("site", finding.site);
}

template <class A>
void fields(A& a, typename A::template Ref<Loosening> loosening) {
  a("subject", loosening.subject);
  a("from", loosening.from);
  a("to", loosening.to);
}

template <class A>
void fields(A& a, typename A::template Ref<AcceptEntry> entry) {
  a("date", entry.date);
  a("commit", entry.commit);
  a("reason", entry.reason);
  a("loosened", entry.loosened);
}

namespace {

using Json = nlohmann::ordered_json;

template <class A>
void bodyFields(A& a, typename A::template Ref<Baseline> baseline) {
  a.group("scenario", [&](auto& scenario) {
    scenario("name", baseline.scenarioName);
    scenario("hash", baseline.scenarioHash);
  });
  a("environment", baseline.environment);
  a.optional("runs", baseline.runs);
  a("metrics", baseline.metrics);
  a("findings", baseline.findings);
  a.optional("log", baseline.log);
}

Baseline fromDocument(const Json& document, const std::string& fileName) {
  checkSchema(document, kBaselineSchema, fileName);
  Baseline baseline;
  JsonReader reader(document, "", fileName);
  bodyFields(reader, baseline);
  baseline.file = fileName;
  return baseline;
}

}  // namespace

Baseline asBaseline(const Report& report) {
  Baseline baseline;
  baseline.scenarioName = report.scenario.name;
  baseline.scenarioHash = report.scenario.hash;
  baseline.environment = report.environment;
  baseline.runs = 1 + report.repeats;
  baseline.metrics = report.metrics;
  for (const auto& finding : report.findings) {
    if (finding.growth.kind == FindingKind::slowdown) continue;  // seen in one run only
    baseline.findings.push_back({finding.fingerprint, findingLine(finding), finding.site});
  }
  baseline.windows = report.windows;
  baseline.workloadHash = workloadHashOf(report.scenario);
  return baseline;
}

std::string workloadHashOf(const Scenario& scenario) {
  Scenario workload = scenario;
  workload.target = {};
  return scenarioHash(workload);
}

Baseline reduce(const Report& report) {
  Baseline baseline = asBaseline(report);
  baseline.windows.clear();
  std::erase_if(baseline.metrics, [](const Metric& metric) {
    return metric.kind == MetricKind::sampled || metric.direction == Direction::none;
  });
  return baseline;
}

std::string toText(const Baseline& baseline) {
  Json json;
  json["schema"] = kBaselineSchema;
  JsonWriter writer;
  bodyFields(writer, baseline);
  Json body = writer.take();
  if (baseline.log.empty()) body.erase("log");
  for (const auto& [name, value] : body.items()) json[name] = value;
  return toText(json);
}

Baseline parseBaseline(std::string_view text, const std::string& fileName) {
  return fromDocument(parseJsonFile(text, fileName), fileName);
}

Baseline readBaseline(const std::filesystem::path& file) {
  return parseBaseline(readWhole(file), file.string());
}

void requireWhole(const Report& report, const std::string& file) {
  if (report.end == RunEnd::whole) return;
  throw InputError(file, "run.end", '"' + std::string(toString(report.end)) + "\", a partial report",
                   "that of a whole run, since counts of fewer requests do not compare",
                   "measure it again: leakgate run");
}

Baseline readBaselineOrReport(const std::filesystem::path& file) {
  const std::string text = readReportText(file);
  const Json document = parseJsonFile(text, file.string());
  const auto schema = document.is_object() ? document.find("schema") : document.end();
  const bool isBaseline = schema != document.end() && schema->is_string() &&
                          schema->get<std::string>().rfind("leakgate.baseline/", 0) == 0;
  if (isBaseline) return fromDocument(document, file.string());
  const Report report = parseReport(text, file.string());
  requireWhole(report, file.string());
  Baseline baseline = asBaseline(report);
  baseline.file = file.string();
  return baseline;
}

}  // namespace leakgate
