#include "cli/red_reasons.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "cli/command_words.hpp"
#include "cli/terminal_text.hpp"
#include "gate/loosening.hpp"
#include "report/finding_text.hpp"
#include "scenario/printable.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

std::string firstLineOf(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string placeOf(const Frame& frame) {
  return frame.file.empty() ? frame.module : fmt::format("{}:{}", frame.file, frame.line);
}

// "at src/login.cpp:12, called from main src/main.cpp:30".
std::string placeOf(const NamedFinding& finding) {
  const Place& place = finding.place;
  if (place.file.empty() && place.module.empty()) return "";
  std::string text =
      "at " + (place.file.empty() ? place.module : fmt::format("{}:{}", place.file, place.line));
  const auto& stack = finding.stacks.empty() ? finding.stack : finding.stacks.front().frames;
  const std::size_t caller = callerOf(stack, frameToBlame(stack));
  if (caller < stack.size())
    text += fmt::format(", called from {} {}", stack[caller].function, placeOf(stack[caller]));
  return text;
}

// Where most of a count comes from: a count itself has no place.
std::string placeOfAllocations(const Report& report) {
  const auto most =
      std::max_element(report.sites.begin(), report.sites.end(),
                       [](const auto& a, const auto& b) { return a.allocations < b.allocations; });
  if (most == report.sites.end() || most->allocations == 0) return "";
  const Place& place = most->place;
  const double requests = static_cast<double>(std::max<std::uint64_t>(1, report.look.requests));
  return fmt::format("most by {}{}, {:.3g} a request", place.function.empty() ? place.module : place.function,
                     place.file.empty() ? "" : fmt::format(" {}:{}", place.file, place.line),
                     static_cast<double>(most->allocations) / requests);
}

const NamedFinding* findingOf(const Report& report, const Reason& failure) {
  const auto found = std::find_if(report.findings.begin(), report.findings.end(), [&](const auto& finding) {
    return finding.fingerprint == failure.subject && findingLine(finding) == failure.text;
  });
  return found == report.findings.end() ? nullptr : &*found;
}

RedKind kindOf(const Reason& failure, Outcome outcome) {
  if (failure.subject == "baseline") return RedKind::badInput;
  if (failure.subject == "measurement" || outcome == Outcome::cannotMeasure) return RedKind::notMeasured;
  if (failure.subject == "unexpected_answers") return RedKind::unexpected;
  if (failure.subject.starts_with(kLoosened)) return RedKind::loosened;
  return failure.text.starts_with("SLOWER") ? RedKind::slowdown : RedKind::count;
}

RedReason reasonOf(const Report& report, const Reason& failure, const std::string& gateCommand) {
  const std::string& name = report.scenario.name;
  RedReason reason{kindOf(failure, report.verdict.outcome), 0, name, firstLineOf(failure.text), "", ""};
  // `run` has no baseline: only the gate repeats what is judged by one.
  const bool byItself = failure.text.starts_with("BUDGET") || reason.kind == RedKind::unexpected;
  reason.reproduce = byItself ? report.reproduce : gateCommand + " " + shellQuoted(name);
  if (failure.subject.find("allocat") != std::string::npos) reason.place = placeOfAllocations(report);
  const NamedFinding* finding = findingOf(report, failure);
  if (finding == nullptr) return reason;
  reason.kind = finding->growth.kind == FindingKind::slowdown ? RedKind::slowdown : RedKind::leak;
  reason.bytes = finding->growth.bytes.empty() ? 0 : static_cast<double>(finding->growth.bytes.back());
  reason.what = findingHeadline(*finding);
  reason.place = placeOf(*finding);
  reason.reproduce = report.reproduce;
  return reason;
}

// Without a report: a bad file, a target that died, a scenario that is gone.
RedReason reasonOf(const GateResult& result, const std::string& gateCommand) {
  RedReason reason{RedKind::loosened, 0, result.name, firstLineOf(result.error), "", gateCommand};
  if (result.outcome == Outcome::badInput) reason.kind = RedKind::badInput;
  if (result.outcome == Outcome::cannotMeasure) reason.kind = RedKind::notMeasured;
  if (reason.kind == RedKind::notMeasured) reason.reproduce += " " + shellQuoted(result.name);
  return reason;
}

// --- on the screen

enum class Detail { all, commandPerScenario, lines };

std::string heading(const std::vector<RedReason>& reasons) {
  std::set<std::string> scenarios;
  for (const auto& reason : reasons) scenarios.insert(reason.scenario);
  if (reasons.size() == 1) return "RED  1 reason:\n";
  return fmt::format("RED  {} reasons in {} {}, the worst first:\n", reasons.size(), scenarios.size(),
                     scenarios.size() == 1 ? "scenario" : "scenarios");
}

std::string cut(const std::string& line) {
  constexpr std::string_view kMore = " ...";
  if (line.size() <= kScreenColumns) return line;
  return std::string(wholeCharacters(line, kScreenColumns - kMore.size())) + std::string(kMore);
}

std::string reproduceText(const std::string& command) {
  return wrapText("    reproduce  " + command + "\n", kScreenColumns);
}

std::string entry(const RedReason& reason, std::size_t number, Detail detail) {
  const std::string start = fmt::format("{:>2} ", number);
  if (detail == Detail::lines) return cut(start + reason.scenario + ": " + reason.what) + "\n";
  std::string text = wrapText(start + reason.what + "\n", kScreenColumns);
  text += wrapText("    " + reason.scenario + (reason.place.empty() ? "" : "  " + reason.place) + "\n",
                   kScreenColumns);
  return text + (detail == Detail::all ? reproduceText(reason.reproduce) : "");
}

std::string screen(const std::vector<RedReason>& reasons, Detail detail) {
  std::string text = heading(reasons);
  std::vector<std::string> commands;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    text += entry(reasons[i], i + 1, detail);
    const std::string& command = reasons[i].reproduce;
    if (detail == Detail::commandPerScenario &&
        std::find(commands.begin(), commands.end(), command) == commands.end())
      commands.push_back(command);
  }
  for (const auto& command : commands) text += reproduceText(command);
  return text;
}

std::size_t linesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string folded(const std::vector<RedReason>& reasons) {
  constexpr std::size_t kShown = kScreenLines - 4;
  std::string text = heading(reasons);
  for (std::size_t i = 0; i < std::min(kShown, reasons.size()); ++i)
    text += entry(reasons[i], i + 1, Detail::lines);
  if (reasons.size() > kShown) text += fmt::format("   and {} more, above\n", reasons.size() - kShown);
  return text + reproduceText(reasons.front().reproduce);
}

}  // namespace

std::string_view toString(RedKind kind) {
  switch (kind) {
    case RedKind::badInput:
      return "bad input";
    case RedKind::notMeasured:
      return "not measured";
    case RedKind::leak:
      return "leak";
    case RedKind::unexpected:
      return "unexpected response";
    case RedKind::count:
      return "count";
    case RedKind::slowdown:
      return "slowdown";
    case RedKind::loosened:
      break;
  }
  return "loosened";
}

std::vector<RedReason> redReasons(const std::vector<GateResult>& results, const std::string& gateCommand) {
  std::vector<RedReason> reasons;
  for (const auto& result : results) {
    if (exitCodeOf(result.outcome) == 0) continue;
    if (!result.error.empty()) reasons.push_back(reasonOf(result, gateCommand));
    if (!result.report) continue;
    for (const auto& failure : result.report->verdict.failures)
      reasons.push_back(reasonOf(*result.report, failure, gateCommand));
  }
  sortWorstFirst(reasons);
  return reasons;
}

void sortWorstFirst(std::vector<RedReason>& reasons) {
  std::stable_sort(reasons.begin(), reasons.end(), [](const RedReason& a, const RedReason& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.bytes > b.bytes;
  });
}

std::string firstScreen(const std::vector<RedReason>& reasons) {
  if (reasons.empty()) return "";
  for (const Detail detail : {Detail::all, Detail::commandPerScenario}) {
    std::string text = screen(reasons, detail);
    if (linesOf(text) <= kScreenLines) return text;
  }
  return folded(reasons);
}

}  // namespace leakgate
