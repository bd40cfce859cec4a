#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "session/gate_run.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"
#include "writers/ranked_reasons.hpp"
#include "writers/source_place.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

// GitHub takes 25,000 results a file and shows the first 5,000.
constexpr std::size_t kMaxResults = 5'000;
constexpr std::size_t kMaxStackFrames = 64;

struct Rule {
  RedKind kind;
  const char* id;
  const char* text;
};
constexpr std::array kRules{
    Rule{RedKind::badInput, "bad-input", "A scenario or a baseline cannot be used."},
    Rule{RedKind::notMeasured, "not-measured", "The scenario could not be measured."},
    Rule{RedKind::leak, "leak", "Memory or another resource grows with the work, and stays."},
    Rule{RedKind::unexpected, "unexpected-response",
         "The server responded otherwise than the scenario expects."},
    Rule{RedKind::count, "count", "A metric is beyond its budget, or worse than in the baseline."},
    Rule{RedKind::slowdown, "slowdown", "Requests get slower the more were served."},
    Rule{RedKind::loosened, "loosened", "Something that a baseline or budget forbade is allowed now."}};

std::size_t ruleOf(RedKind kind) {
  const auto found = std::ranges::find(kRules, kind, &Rule::kind);
  return static_cast<std::size_t>(found - kRules.begin());
}

Json rules() {
  Json list = Json::array();
  for (const auto& rule : kRules)
    list.push_back({{"id", rule.id}, {"shortDescription", {{"text", rule.text}}}});
  return list;
}

Json physicalLocation(const std::string& path, unsigned line) {
  return {{"artifactLocation", {{"uri", uriOf(path)}}}, {"region", {{"startLine", std::max(1U, line)}}}};
}

Json logicalLocations(const std::string& function) {
  return Json::array({{{"fullyQualifiedName", foreignLine(function)}}});
}

Json locationOf(const RankedReason& reason) {
  const SourcePlace place = sourcePlaceOf(reason);
  Json location{{"physicalLocation", physicalLocation(place.path, place.line)}};
  if (reason.finding != nullptr && !reason.finding->place.function.empty())
    location["logicalLocations"] = logicalLocations(reason.finding->place.function);
  return location;
}

Json frameOf(const Frame& frame) {
  Json location = Json::object();
  if (!frame.file.empty())
    location["physicalLocation"] = physicalLocation(foreignLine(frame.file), frame.line);
  if (!frame.function.empty()) location["logicalLocations"] = logicalLocations(frame.function);
  Json json{{"location", std::move(location)}};
  if (!frame.module.empty()) json["module"] = foreignLine(frame.module);
  return json;
}

Json stackOf(const NamedFinding& finding) {
  const auto& frames = finding.stacks.empty() ? finding.stack : finding.stacks.front().frames;
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(kMaxStackFrames, frames.size()); ++i)
    list.push_back(frameOf(frames[i]));
  return {{"message", {{"text", "the largest call stack, innermost first"}}}, {"frames", std::move(list)}};
}

// Only where there is a baseline to compare with.
void addBaselineState(Json& json, const RankedReason& reason) {
  if (reason.result == nullptr || !reason.result->hasBaseline) return;
  const auto& known = reason.result->knownFindings;
  const bool isKnown = std::ranges::find(known, reason.worst.fingerprint) != known.end();
  json["baselineState"] = isKnown ? "unchanged" : "new";
}

Json resultOf(const RankedReason& reason, double rank) {
  const std::size_t rule = ruleOf(reason.worst.kind);
  Json json{{"ruleId", kRules[rule].id},
            {"ruleIndex", rule},
            {"level", "error"},
            {"message", {{"text", reason.text()}}},
            {"locations", Json::array({locationOf(reason)})},
            {"partialFingerprints", {{"leakgate/v1", reason.worst.fingerprint}}},
            {"rank", rank}};
  addBaselineState(json, reason);
  const bool hasStack =
      reason.finding != nullptr && (!reason.finding->stack.empty() || !reason.finding->stacks.empty());
  if (hasStack) json["stacks"] = Json::array({stackOf(*reason.finding)});
  json["properties"] = {{"scenario", foreignLine(reason.worst.scenario)},
                        {"scenarios", reason.scenarios.size()},
                        {"bytes", reason.worst.bytes}};
  return json;
}

Json results(const std::vector<RankedReason>& reasons) {
  const std::size_t shown = std::min(kMaxResults, reasons.size());
  Json list = Json::array();
  for (std::size_t i = 0; i < shown; ++i)
    list.push_back(resultOf(reasons[i], 100.0 * static_cast<double>(shown - i) / static_cast<double>(shown)));
  return list;
}

std::string versionOf(const std::vector<GateResult>& all) {
  for (const auto& result : all)
    if (result.report && !result.report->environment.leakgate.empty())
      return foreignLine(result.report->environment.leakgate);
  return "0";
}

}  // namespace

std::string sarifJson(const WriterInput& input) {
  const auto reasons = rankedReasons(input);
  const int code = exitCodeOf(worstOf(input.results));
  Json run{{"tool",
            {{"driver", {{"name", "leakgate"}, {"version", versionOf(input.results)}, {"rules", rules()}}}}},
           {"automationDetails", {{"id", "leakgate/"}}},
           {"invocations", Json::array({{{"executionSuccessful", code <= 1}, {"exitCode", code}}})},
           {"columnKind", "utf16CodeUnits"},
           {"results", results(reasons)}};
  if (reasons.size() > kMaxResults) run["properties"] = {{"leftOut", reasons.size() - kMaxResults}};
  const Json document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::array({std::move(run)})}};
  return document.dump(1) + "\n";
}

}  // namespace leakgate
