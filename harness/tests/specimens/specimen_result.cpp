#include "specimen_result.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "expectation.hpp"
#include "report/table.hpp"

using nlohmann::json;

namespace {

constexpr int kExitLeak = 1;
constexpr int kExitNotMeasured = 3;

bool holds(const std::vector<SpecimenResult>& results, SpecimenVerdict verdict) {
  return std::ranges::any_of(results, [=](const auto& result) { return result.verdict == verdict; });
}

std::string_view nameOf(SpecimenVerdict verdict) {
  switch (verdict) {
    case SpecimenVerdict::asExpected:
      return "as_expected";
    case SpecimenVerdict::notYet:
      return "not_yet";
    case SpecimenVerdict::wrong:
      return "wrong";
    case SpecimenVerdict::notMeasured:
      break;
  }
  return "not_measured";
}

std::string verdictText(const SpecimenResult& result) {
  const std::string of = result.runs > 1 ? fmt::format(" {}/{}", result.goodRuns, result.runs) : "";
  switch (result.verdict) {
    case SpecimenVerdict::asExpected:
      return (result.specimen.clean() ? "silent" : "found") + of;
    case SpecimenVerdict::notYet:
      return "not yet";
    case SpecimenVerdict::wrong:
      return "WRONG" + of;
    case SpecimenVerdict::notMeasured:
      break;
  }
  return "NOT MEASURED" + of;
}

// What kind of growth, and where.
std::string classOf(const json& finding) {
  return finding.is_null() ? "-" : finding.value("kind", "") + " " + finding.value("pattern", "");
}

std::string functionOf(const json& finding) {
  if (finding.is_null()) return "-";
  const json place = finding.value("place", json::object());
  const std::string function = place.value("function", "");
  return function.empty() ? place.value("module", "") : function;
}

std::string slopeOf(const json& finding) {
  if (finding.is_null()) return "-";
  const std::string step = finding.value("step", "");
  const std::string bytes = finding.value("kind", "") == "heap"
                                ? fmt::format(", {:+.6g} B", finding.value("bytes_per_event", 0.0))
                                : "";
  return fmt::format("{:+.6g}{} per {}{}", finding.value("blocks_per_event", 0.0), bytes,
                     finding.value("follows", ""), step.empty() ? "" : " of " + step);
}

struct Line {
  json expected;
  json found;
};

// Pairs what was expected with what was found; what is left over stands alone.
std::vector<Line> linesOf(const SpecimenResult& result) {
  std::vector<Line> lines;
  std::vector<json> left = result.found;
  for (const json& wanted : result.specimen.findings) {
    const auto same = std::ranges::find_if(left, [&](const json& found) { return includes(found, wanted); });
    lines.push_back({wanted, same == left.end() ? json() : *same});
    if (same != left.end()) left.erase(same);
  }
  for (const json& found : left) lines.push_back({json(), found});
  if (lines.empty()) lines.push_back({});
  return lines;
}

}  // namespace

void addRun(SpecimenResult& result, const LeakgateRun& run) {
  const bool wasGood = result.goodRuns == result.runs;
  const bool measured = (run.exitCode == 0 || run.exitCode == kExitLeak) && run.report.is_object();
  const int wantedExit = result.specimen.findings.empty() ? 0 : kExitLeak;
  const std::vector<json> found = measured ? findingsOf(run.report) : std::vector<json>();
  std::vector<std::string> problems =
      measured ? differences(result.specimen.findings, found) : std::vector<std::string>();
  if (run.exitCode != wantedExit) {
    problems.push_back(fmt::format("exit code {}, expected {}:\n{}", run.exitCode, wantedExit, run.output));
  }
  ++result.runs;
  result.seconds += run.seconds;
  if (problems.empty()) ++result.goodRuns;
  if (wasGood) {
    result.found = found;
    result.problems = problems;
  }
  if (!measured) {
    result.verdict = SpecimenVerdict::notMeasured;
  } else if (!problems.empty() && result.verdict != SpecimenVerdict::notMeasured) {
    result.verdict = SpecimenVerdict::wrong;
  } else if (problems.empty() && wasGood && result.specimen.awaited) {
    result.verdict = SpecimenVerdict::notYet;
  }
}

int exitCodeOf(const std::vector<SpecimenResult>& results) {
  if (holds(results, SpecimenVerdict::notMeasured)) return kExitNotMeasured;
  return holds(results, SpecimenVerdict::wrong) ? kExitLeak : 0;
}

std::string tableOf(const std::vector<SpecimenResult>& results) {
  using leakgate::Align;
  leakgate::Table table({{"specimen"},
                         {"trigger"},
                         {"expected"},
                         {"found"},
                         {"function"},
                         {"slope"},
                         {"verdict"},
                         {"seconds", Align::right}});
  for (const auto& result : results) {
    std::string name = result.specimen.name;
    for (const auto& [expected, found] : linesOf(result)) {
      const bool first = !name.empty();
      table.add({name, first ? result.specimen.trigger : "",
                 first && result.specimen.clean() ? "clean" : classOf(expected), classOf(found),
                 functionOf(found), slopeOf(found), first ? verdictText(result) : "",
                 first ? fmt::format("{:.1f}", result.seconds) : ""});
      name.clear();
    }
  }
  return table.text();
}

json toJson(const std::vector<SpecimenResult>& results) {
  json all = json::array();
  for (const auto& result : results) {
    all.push_back({{"name", result.specimen.name},
                   {"trigger", result.specimen.trigger},
                   {"verdict", nameOf(result.verdict)},
                   {"runs", result.runs},
                   {"good_runs", result.goodRuns},
                   {"seconds", result.seconds},
                   {"expected", result.specimen.findings},
                   {"found", result.found},
                   {"problems", result.problems}});
  }
  return all;
}
