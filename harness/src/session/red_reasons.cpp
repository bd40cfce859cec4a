#include "session/red_reasons.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gate/loosening.hpp"
#include "report/finding_text.hpp"
#include "report/hash.hpp"
#include "scenario/command_words.hpp"
#include "scenario/first_line.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

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

RedKind kindOf(const Reason& failure, Outcome outcome) {
  if (failure.subject == "baseline") return RedKind::badInput;
  if (failure.subject == "measurement" || outcome == Outcome::cannotMeasure) return RedKind::notMeasured;
  if (failure.subject == "unexpected_answers") return RedKind::unexpected;
  if (failure.subject.starts_with(kLoosened)) return RedKind::loosened;
  return failure.text.starts_with("SLOWER") ? RedKind::slowdown : RedKind::count;
}

std::string identityOf(const RedReason& reason, const std::string& subject) {
  return hashOf({reason.scenario, std::string(toString(reason.kind)), subject});
}

RedReason reasonOf(const Report& report, const Reason& failure, const std::string& gateCommand) {
  const std::string& name = report.scenario.name;
  RedReason reason{kindOf(failure, report.verdict.outcome), 0, name, firstLine(failure.text), "", ""};
  // `run` has no baseline: only the gate repeats what is judged by one.
  const bool byItself = failure.text.starts_with("BUDGET") || reason.kind == RedKind::unexpected;
  reason.reproduce = byItself ? report.reproduce : gateCommand + " " + shellQuoted(name);
  if (failure.subject.find("allocat") != std::string::npos) reason.place = placeOfAllocations(report);
  const NamedFinding* finding = findingOf(report, failure);
  reason.fingerprint = finding == nullptr ? identityOf(reason, failure.subject) : finding->fingerprint;
  if (finding == nullptr) return reason;
  reason.kind = finding->growth.kind == FindingKind::slowdown ? RedKind::slowdown : RedKind::leak;
  reason.bytes = finding->growth.bytes.empty() ? 0 : static_cast<double>(finding->growth.bytes.back());
  reason.what = findingHeadline(*finding);
  reason.place = placeOf(*finding);
  reason.file = finding->place.file;
  reason.line = finding->place.line;
  reason.reproduce = report.reproduce;
  return reason;
}

// Without a report: a bad file, a target that died, a scenario that is gone.
RedReason reasonOf(const GateResult& result, const std::string& gateCommand) {
  RedReason reason{RedKind::loosened, 0, result.name, firstLine(result.error), "", gateCommand};
  if (result.outcome == Outcome::badInput) reason.kind = RedKind::badInput;
  if (result.outcome == Outcome::cannotMeasure) reason.kind = RedKind::notMeasured;
  if (reason.kind == RedKind::notMeasured) reason.reproduce += " " + shellQuoted(result.name);
  reason.fingerprint = identityOf(reason, "");
  return reason;
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

}  // namespace leakgate
