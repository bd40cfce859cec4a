#include "cli/gate_summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cli/first_screen.hpp"
#include "replay/measure_error.hpp"
#include "report/atomic_file.hpp"
#include "report/finding_text.hpp"
#include "report/json_archive.hpp"
#include "report/report_enums.hpp"
#include "report/report_json.hpp"
#include "report/run_text.hpp"
#include "report/table.hpp"

namespace leakgate {

template <>
struct AllOf<RedKind> {
  static constexpr std::array values{RedKind::badInput,   RedKind::notMeasured, RedKind::leak,
                                     RedKind::unexpected, RedKind::count,       RedKind::slowdown,
                                     RedKind::loosened};
};

// Found by argument-dependent lookup, hence not in the unnamed namespace.
template <class A>
void fields(A& a, typename A::template Ref<RedReason> reason) {
  a("kind", reason.kind);
  a("scenario", reason.scenario);
  a("what", reason.what);
  a("place", reason.place);
  a("bytes", reason.bytes);
  a("reproduce", reason.reproduce);
  a.optional("fingerprint", reason.fingerprint);
  a.optional("file", reason.file);
  a.optional("line", reason.line);
}

template <class A>
void fields(A& a, typename A::template Ref<ScenarioSummary> scenario) {
  a("name", scenario.name);
  a("outcome", scenario.outcome);
  a.optional("report", scenario.report);
  a("failures", scenario.failures);
  a("notes", scenario.notes);
  a("seconds", scenario.seconds);
}

namespace {

template <class A>
void bodyFields(A& a, typename A::template Ref<GateSummary> summary) {
  a("outcome", summary.outcome);
  a("exit_code", summary.exitCode);
  a("commit", summary.commit);
  a.group("shard", [&](auto& shard) {
    shard("index", summary.shard.index);
    shard("count", summary.shard.count);
  });
  a("planned", summary.planned);
  a("seconds", summary.seconds);
  a("scenarios", summary.scenarios);
  a("reasons", summary.reasons);
}

ScenarioSummary scenarioSummary(const GateResult& result) {
  ScenarioSummary scenario{result.name, result.outcome, std::nullopt, {}, result.notes, result.seconds};
  if (result.reportWritten) scenario.report = result.reportFile.string();
  if (!result.error.empty()) scenario.failures.push_back(result.error);
  if (!result.report) return scenario;
  const Verdict& verdict = result.report->verdict;
  for (const auto& reason : verdict.failures) scenario.failures.push_back(reason.text);
  scenario.notes.insert(scenario.notes.end(), verdict.notes.begin(), verdict.notes.end());
  return scenario;
}

std::string commitText(const GateSummary& shard) {
  return shard.commit.empty() ? "outside of a checkout" : "of commit " + shard.commit;
}

void requireAlike(const GateSummary& first, const GateSummary& other) {
  if (other.commit != first.commit) {
    throw MeasureError(fmt::format("{} is {}, {} {}: shards of different commits are no gate of either",
                                   first.file, commitText(first), other.file, commitText(other)));
  }
  if (other.shard.count != first.shard.count) {
    throw MeasureError(fmt::format("{} is one of {} shards, {} one of {}: merge those of one gate",
                                   first.file, first.shard.count, other.file, other.shard.count));
  }
  if (other.planned != first.planned) {
    throw MeasureError(
        fmt::format("{} and {} were split from different lists of scenarios: call all shards with the "
                    "same folder or names",
                    first.file, other.file));
  }
}

// Throws unless each shard is there once.
void requireAll(const std::vector<GateSummary>& shards) {
  const unsigned count = shards.front().shard.count;
  for (unsigned index = 1; index <= count; ++index) {
    std::vector<std::string> files;
    for (const auto& shard : shards)
      if (shard.shard.index == index) files.push_back(shard.file);
    if (files.size() == 1) continue;
    if (files.empty()) {
      throw MeasureError(
          fmt::format("shard {0} of {1} is missing: what it gates was not measured. Did its job fail, or "
                      "keep no file? leakgate gate --shard {0}/{1} -o FILE",
                      index, count));
    }
    throw MeasureError(
        fmt::format("shard {} of {} is there twice: {} and {}", index, count, files[0], files[1]));
  }
}

}  // namespace

std::optional<Shard> shardOf(std::string_view text) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  if (index.ec != std::errc() || index.ptr == end || *index.ptr != '/') return std::nullopt;
  const auto count = std::from_chars(index.ptr + 1, end, shard.count);
  if (count.ec != std::errc() || count.ptr != end) return std::nullopt;
  if (shard.index == 0 || shard.index > shard.count || shard.count > kMaxShards) return std::nullopt;
  return shard;
}

std::string checkShard(const std::string& text) {
  return shardOf(text)
             ? ""
             : fmt::format("found \"{}\", expected i/n with i from 1 to n, and n to {}", text, kMaxShards);
}

GateSummary summaryOf(const std::vector<GateResult>& results, const std::string& gateCommand) {
  GateSummary summary;
  summary.outcome = worstOf(results);
  summary.exitCode = exitCodeOf(summary.outcome);
  for (const auto& result : results) summary.scenarios.push_back(scenarioSummary(result));
  summary.reasons = redReasons(results, gateCommand);
  return summary;
}

std::string toText(const GateSummary& summary) {
  nlohmann::ordered_json json;
  json["schema"] = kGateSchema;
  JsonWriter writer;
  bodyFields(writer, summary);
  const auto body = writer.take();
  for (const auto& [name, value] : body.items()) json[name] = value;
  for (auto& scenario : json["scenarios"])
    if (!scenario.contains("report")) scenario["report"] = nullptr;
  return toText(json);
}

GateSummary readGateSummary(const std::filesystem::path& file) {
  auto document = parseJsonFile(readWhole(file), file.string());
  checkSchema(document, kGateSchema, file.string());
  if (document.contains("scenarios")) {
    for (auto& scenario : document["scenarios"])
      if (scenario.is_object() && scenario.contains("report") && scenario["report"].is_null())
        scenario.erase("report");
  }
  GateSummary summary;
  const std::string name = file.string();
  JsonReader reader(document, "", name);
  bodyFields(reader, summary);
  summary.file = name;
  const std::string shard = fmt::format("{}/{}", summary.shard.index, summary.shard.count);
  if (!shardOf(shard)) throw InputError(name + ": shard: " + checkShard(shard));
  return summary;
}

GateSummary merged(const std::vector<GateSummary>& shards) {
  for (const auto& shard : shards) requireAlike(shards.front(), shard);
  requireAll(shards);
  GateSummary all;
  all.commit = shards.front().commit;
  all.planned = shards.front().planned;
  for (const auto& shard : shards) {
    all.outcome = worse(all.outcome, shard.outcome);
    all.seconds = std::max(all.seconds, shard.seconds);
    all.scenarios.insert(all.scenarios.end(), shard.scenarios.begin(), shard.scenarios.end());
    all.reasons.insert(all.reasons.end(), shard.reasons.begin(), shard.reasons.end());
  }
  all.exitCode = exitCodeOf(all.outcome);
  std::stable_sort(all.scenarios.begin(), all.scenarios.end(),
                   [](const ScenarioSummary& a, const ScenarioSummary& b) { return a.name < b.name; });
  sortWorstFirst(all.reasons);
  return all;
}

std::string mergeText(const GateSummary& summary, bool colour) {
  Table table({{"scenario"}, {"verdict"}, {"time", Align::right}});
  for (const auto& scenario : summary.scenarios)
    table.add(
        {scenario.name, std::string(toString(scenario.outcome)), fmt::format("{:.1f} s", scenario.seconds)});
  std::string text = table.text();
  for (const auto& scenario : summary.scenarios) {
    for (const auto& failure : scenario.failures) text += "\n" + scenario.name + "\n  " + failure + "\n";
  }
  if (const std::string screen = firstScreen(summary.reasons); !screen.empty()) text += "\n" + screen;
  const auto passed = std::count_if(summary.scenarios.begin(), summary.scenarios.end(),
                                    [](const ScenarioSummary& one) { return one.outcome == Outcome::pass; });
  return text + fmt::format("\n{}  {} of {} scenarios passed; the slowest shard took {:.0f} s\n",
                            outcomeLabel(summary.outcome, colour), passed, summary.scenarios.size(),
                            summary.seconds);
}

}  // namespace leakgate
