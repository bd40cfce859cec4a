#include "report/report_json.hpp"

#include <fmt/core.h>

#include <charconv>

#include "report/gate_data.hpp"
#include "report/page_data.hpp"
#include "report/profile_fields.hpp"
#include "report/report_fields.hpp"
#include "scenario/load.hpp"
#include "scenario/write.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

// The report's plain values, written and read alike.
template <class A>
void bodyFields(A& a, typename A::template Ref<Report> report) {
  a("verdict", report.verdict);
  a("environment", report.environment);
  a("reproduce", report.reproduce);
  a.group("run", [&](auto& run) {
    run("started_at", report.startedAt);
    run("depth", report.depth);
    run("escalated", report.escalated);
    run("escalation", report.escalation);
    run("command", report.command);
    run.optional("end", report.end);
    run.optional("end_reason", report.endReason);
    run("extensions", report.extensions);
    run.optional("look", report.look);
    run.optional("repeats", report.repeats);
    run("exit_status", report.exitStatus);
    run("drained", report.drained);
  });
  a("metrics", report.metrics);
  a("findings", report.findings);
  a.optional("suppressed", report.suppressed);
  a.optional("suppressions", report.suppressions);
  a("observations", report.observations);
  a("unexpected_answers", report.unexpected);
  a("self_audit", report.audit);
  a("series", report.series);
  a("sites", report.sites);
  a("latency_windows", report.windows);
  a.optional("step_latency", report.steps);
}

Json scenarioToJson(const Scenario& scenario) {
  Json json;
  json["name"] = scenario.name;
  json["hash"] = scenario.hash;
  json["seed"] = scenario.load.seed;
  json["file"] = scenario.file;
  json["content"] = toJson(scenario);
  return json;
}

Scenario readScenario(const Json& document, const std::string& fileName) {
  JsonFields root(document, "", fileName);
  JsonFields json(root.require("scenario", "an object"), "scenario", fileName);
  Scenario scenario =
      parseScenario(json.require("content", "an object").dump(), fileName + ": scenario.content");
  scenario.hash = json.requireText("hash");
  scenario.file = json.requireText("file");
  return scenario;
}

// A part that some runs lack; absent from reports of older versions.
template <class Part>
void readPart(const Json& document, const char* name, std::optional<Part>& part,
              const std::string& fileName) {
  const auto found = document.find(name);
  if (found == document.end() || found->is_null()) return;
  JsonReader reader(*found, name, fileName);
  fields(reader, part.emplace());
}

void checkIndex(std::uint32_t index, std::size_t count, const std::string& field,
                const std::string& fileName) {
  if (index < count) return;
  throw InputError(fileName, field, std::to_string(index), fmt::format("an index below {}", count),
                   "was the file changed by hand? make it anew");
}

// Stacks refer to frames, counts to stacks.
void checkIndexes(const AllocationProfile& profile, const std::string& fileName) {
  for (const ProfiledStack& stack : profile.stacks) {
    for (const std::uint32_t frame : stack.frames)
      checkIndex(frame, profile.frames.size(), "profile.stacks.frames", fileName);
  }
  const auto check = [&](const ProfiledPart& part, const char* field) {
    for (const ProfiledCounts& counts : part.stacks)
      checkIndex(counts.stack, profile.stacks.size(), field, fileName);
  };
  check(profile.mix, "profile.mix.stacks.stack");
  for (const ProfiledPart& step : profile.steps) check(step, "profile.steps.stacks.stack");
}

// "leakgate.report/2" -> {"leakgate.report", 2}; 0 when there is no number.
std::pair<std::string_view, int> splitSchema(std::string_view schema) {
  const auto slash = schema.rfind('/');
  int version = 0;
  if (slash != std::string_view::npos) {
    std::from_chars(schema.data() + slash + 1, schema.data() + schema.size(), version);
  }
  return {schema.substr(0, slash), version};
}

}  // namespace

Json toJson(const Report& report) {
  Json json;
  json["schema"] = kReportSchema;
  JsonWriter writer;
  bodyFields(writer, report);
  Json body = writer.take();
  for (auto& [name, value] : body.items()) {
    if (name == "reproduce") json["scenario"] = scenarioToJson(report.scenario);
    json[name] = std::move(value);
  }
  json["latency_drift"] = report.drift ? JsonWriter::encode(*report.drift) : Json(nullptr);
  json["trigger"] = report.trigger ? JsonWriter::encode(*report.trigger) : Json(nullptr);
  json["profile"] = report.profile ? JsonWriter::encode(*report.profile) : Json(nullptr);
  json["instructions"] = report.instructions ? JsonWriter::encode(*report.instructions) : Json(nullptr);
  json["system_calls"] = report.systemCalls ? JsonWriter::encode(*report.systemCalls) : Json(nullptr);
  return json;
}

std::string toText(const Json& document) {
  // Bytes that are not UTF-8 (a response's body in an example) become U+FFFD: a report must not fail on them.
  const auto compact = [](const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  std::string text = "{";
  const char* separator = "\n";
  for (const auto& [name, value] : document.items()) {
    text += separator + compact(name) + ": ";
    separator = ",\n";
    if (!value.is_array() || value.empty()) {
      text += compact(value);
      continue;
    }
    text += "[";
    const char* comma = "\n  ";
    for (const auto& element : value) {
      text += comma + compact(element);
      comma = ",\n  ";
    }
    text += "\n]";
  }
  return text + "\n}\n";
}

void checkSchema(const Json& document, std::string_view expected, const std::string& fileName) {
  JsonFields fields(document, "", fileName);
  const std::string found = fields.requireText("schema");
  if (found == expected) return;
  const auto [kind, version] = splitSchema(found);
  const auto [expectedKind, expectedVersion] = splitSchema(expected);
  const bool newer = kind == expectedKind && version > expectedVersion;
  fields.fail(
      "schema", shown(found), std::string(expected),
      newer ? "it was written by a newer leakgate: use that one to read it" : "is this the right file?");
}

Report parseReport(std::string_view text, const std::string& fileName) {
  const Json document = parseJsonFile(jsonOf(text, kReportDataId, fileName), fileName);
  checkSchema(document, kReportSchema, fileName);
  Report report;
  JsonReader reader(document, "", fileName);
  bodyFields(reader, report);
  report.scenario = readScenario(document, fileName);
  readPart(document, "latency_drift", report.drift, fileName);
  readPart(document, "trigger", report.trigger, fileName);
  readPart(document, "profile", report.profile, fileName);
  readPart(document, "instructions", report.instructions, fileName);
  readPart(document, "system_calls", report.systemCalls, fileName);
  if (report.profile) checkIndexes(*report.profile, fileName);
  return report;
}

Report readReport(const std::filesystem::path& named) {
  return parseReport(readReportText(named), named.string());
}

}  // namespace leakgate
