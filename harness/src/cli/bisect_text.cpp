#include "cli/bisect_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/metrics.hpp"
#include "gate/diff_text.hpp"
#include "gate/report_diff.hpp"
#include "report/finding_text.hpp"
#include "scenario/first_line.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

const TestedCommit* testedIn(const BisectResult& result, CommitResult end) {
  const auto found = std::find_if(result.tested.begin(), result.tested.end(),
                                  [&](const TestedCommit& tested) { return tested.result == end; });
  return found == result.tested.end() ? nullptr : &*found;
}

std::string readingOf(const TestedCommit* tested, const std::string& unit) {
  return tested == nullptr || tested->readings.empty() ? "nothing" : asValue(tested->readings.front(), unit);
}

// "growth of keep: 0 blocks, then 1 blocks".
std::string changeText(const BisectResult& result) {
  const std::string& unit = result.gauge->unit();
  return fmt::format("{} {}: {} at the good end, {} at the bad one", result.gauge->name(), changeWord(result),
                     readingOf(testedIn(result, CommitResult::good), unit),
                     readingOf(testedIn(result, CommitResult::bad), unit));
}

std::string row(const std::string& label, const std::string& text) {
  return text.empty() ? "" : fmt::format("  {:<10} {}\n", label, text);
}

std::string commitText(const CommitSummary& commit) {
  std::string text = row("commit", commit.hash) + row("author", commit.author + ", " + commit.date) +
                     row("subject", commit.subject);
  for (std::size_t k = 0; k < commit.files.size(); ++k) {
    const std::string& line = commit.files[k];
    text += row(k == 0 ? "files" : "", line.substr(std::min(line.find_first_not_of(' '), line.size())));
  }
  return text;
}

std::string countsText(const BisectResult& result, std::size_t commits) {
  const auto count = [&](CommitResult wanted) {
    return std::count_if(result.tested.begin(), result.tested.end(),
                         [&](const TestedCommit& tested) { return tested.result == wanted; });
  };
  std::string text = fmt::format("{} of {} commits", result.tested.size(), commits + 1);
  for (const auto skipped : {CommitResult::notBuilt, CommitResult::notMeasured, CommitResult::undecided})
    if (count(skipped) > 0) text += fmt::format("; {}: {}", toString(skipped), count(skipped));
  return text;
}

std::string headline(const BisectResult& result, const BisectFacts& facts) {
  if (!result.gauge) return "STOPPED  before both ends were measured\n";
  const char* word = result.interrupted ? "STOPPED" : result.suspects.size() == 1 ? "FOUND" : "NARROWED";
  std::string text = fmt::format("{}  {}: {}\n", word, facts.scenario, changeText(result));
  if (result.suspects.size() > 1 || result.interrupted)
    text += fmt::format("  one of these {} commits:\n", result.suspects.size());
  return text;
}

std::string suspectsText(const BisectResult& result, const BisectFacts& facts) {
  std::string text;
  for (const CommitSummary& commit : facts.suspects) {
    const auto tested = std::find_if(result.tested.begin(), result.tested.end(),
                                     [&](const TestedCommit& one) { return one.commit == commit.hash; });
    text += fmt::format("    {} {}{}\n", shortHash(commit.hash), commit.subject,
                        tested == result.tested.end() ? "" : fmt::format(" ({})", toString(tested->result)));
  }
  const std::size_t more = result.suspects.size() - facts.suspects.size();
  return more == 0 ? text : text + fmt::format("    and {} more\n", more);
}

std::string findingText(const BisectResult& result) {
  if (!result.after) return "";
  const NamedFinding* finding = result.gauge->findIn(*result.after);
  if (finding == nullptr) return "";
  std::string text = "\n" + findingLine(*finding) + "\n";
  for (const std::string& line : findingPlaceLines(*finding)) text += "  " + line + "\n";
  return text;
}

std::string skippedText(const BisectResult& result) {
  std::string text;
  for (const TestedCommit& tested : result.tested)
    if (!tested.problem.empty()) text += row("skipped", testedLine(tested, ""));
  return text;
}

Json commitJson(const CommitSummary& commit) {
  return {{"hash", commit.hash},
          {"author", commit.author},
          {"date", commit.date},
          {"subject", commit.subject},
          {"files", commit.files}};
}

Json testedJson(const TestedCommit& tested) {
  return {{"commit", tested.commit},
          {"result", toString(tested.result)},
          {"readings", tested.readings},
          {"problem", firstLine(tested.problem)}};
}

}  // namespace

std::string changeWord(const BisectResult& result) {
  if (!result.gauge->isMetric()) return result.limit->rises() ? "worse" : "better";
  const Metric* metric = result.after ? findMetric(result.after->metrics, result.gauge->name()) : nullptr;
  if (metric == nullptr || metric->direction == Direction::none) return "other";
  return result.limit->rises() == (metric->direction == Direction::lower) ? "worse" : "better";
}

std::string testedLine(const TestedCommit& tested, const std::string& unit) {
  if (tested.result == CommitResult::notBuilt) return firstLine(tested.problem);  // it names the commit
  std::string text = fmt::format("{} {}", shortHash(tested.commit), toString(tested.result));
  if (!tested.problem.empty()) text += ": " + firstLine(tested.problem);
  if (!tested.readings.empty()) text += ": " + asValue(tested.readings.back(), unit);
  return text;
}

std::string bisectText(const BisectResult& result, const BisectFacts& facts) {
  std::string text = headline(result, facts);
  const bool found = !result.interrupted && result.suspects.size() == 1;
  text += found ? commitText(facts.suspects.front()) : suspectsText(result, facts);
  text += row("tested", countsText(result, facts.commits)) + skippedText(result);
  if (found) {
    text += row("confirmed", result.confirmed ? "it and its parent, built from nothing and measured again"
                                              : "no: " + firstLine(result.problem));
  }
  text += row("start", facts.start) + row("request", facts.request) + row("reproduce", facts.reproduce) +
          row("go on", facts.goOn);
  if (!found) return text;
  if (!result.before) return text + findingText(result);
  return text + "\nWhat the commit changed:\n" +
         diffText(diffReports(*result.before, *result.after), facts.scenario);
}

Json bisectJson(const BisectResult& result, const BisectFacts& facts) {
  const bool found = !result.interrupted && result.suspects.size() == 1;
  Json json{{"schema", "leakgate.bisect/1"},
            {"scenario", facts.scenario},
            {"outcome", result.interrupted ? "interrupted"
                        : found            ? "found"
                                           : "narrowed"},
            {"gauge", result.gauge ? result.gauge->name() : ""},
            {"unit", result.gauge ? result.gauge->unit() : ""},
            {"change", result.limit ? changeWord(result) : ""},
            {"commits", facts.commits},
            {"suspects", Json::array()},
            {"tested", Json::array()},
            {"confirmed", result.confirmed},
            {"problem", firstLine(result.problem)},
            {"start", facts.start},
            {"request", facts.request},
            {"reproduce", facts.reproduce},
            {"go_on", facts.goOn}};
  for (const CommitSummary& commit : facts.suspects) json["suspects"].push_back(commitJson(commit));
  for (const TestedCommit& tested : result.tested) json["tested"].push_back(testedJson(tested));
  const NamedFinding* finding = found && result.after ? result.gauge->findIn(*result.after) : nullptr;
  json["finding"] = finding == nullptr
                        ? Json(nullptr)
                        : Json{{"text", findingLine(*finding)}, {"place", findingPlaceLines(*finding)}};
  json["diff"] = result.before && result.after
                     ? diffJson(diffReports(*result.before, *result.after), facts.scenario)
                     : Json(nullptr);
  return json;
}

}  // namespace leakgate
