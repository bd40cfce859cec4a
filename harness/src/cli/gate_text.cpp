#include "cli/gate_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/metrics.hpp"
#include "cli/first_screen.hpp"
#include "report/finding_text.hpp"
#include "report/run_text.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

std::string figure(const GateResult& result, std::string_view metric) {
  const Metric* found = result.report ? findMetric(result.report->metrics, metric) : nullptr;
  return found == nullptr ? "-" : asValue(found->value, found->unit == "blocks" ? "" : found->unit);
}

std::string tableText(const std::vector<GateResult>& results) {
  Table table({{"scenario"},
               {"verdict"},
               {"requests", Align::right},
               {"live growth", Align::right},
               {"allocs/request", Align::right},
               {"p99", Align::right},
               {"CPU/request", Align::right},
               {"time", Align::right}});
  for (const auto& result : results) {
    table.add({result.name, std::string(toString(result.outcome)), figure(result, "requests"),
               figure(result, "live_bytes_growth"), figure(result, "allocations_per_request"),
               figure(result, "latency.p99_ns"), figure(result, "cpu_ns_per_request"),
               fmt::format("{:.1f} s", result.seconds)});
  }
  return table.text();
}

// Passed scenarios are in the table; here they show only what may need action.
std::string detailsOf(const GateResult& result, const GateTextOptions& options) {
  const bool passed = result.outcome == Outcome::pass;
  std::string text;
  if (!result.error.empty()) text += "  " + result.error + "\n";
  for (const auto& note : result.notes) text += "  note: " + note + "\n";
  // A count that got worse has no place; places where something rose once may be the cause.
  if (result.report && !passed)
    text +=
        verdictText(*result.report, "  ", options.charset) + observedText(*result.report, "  observed   ");
  if (result.report && passed) {
    for (const auto& note : result.report->verdict.notes) {
      if (note.rfind("no baseline", 0) != 0) text += "  note: " + note + "\n";
    }
  }
  if (text.empty()) return "";
  if (result.report && !passed) {
    text += (result.reportWritten ? "  report     " + result.reportFile.string() + "\n" : "") +
            "  reproduce  " + result.report->reproduce + "\n";
  }
  return "\n" + outcomeLabel(result.outcome, options.colour) + "  " + result.name + "\n" + text;
}

std::string baselineHint(const std::vector<GateResult>& results) {
  const auto without = std::count_if(results.begin(), results.end(), [](const GateResult& r) {
    return r.report.has_value() && r.report->end == RunEnd::whole && !r.hasBaseline;
  });
  if (without == 0) return "";
  return fmt::format(
      "\n{} of {} scenarios have no baseline yet. Look at their reports, then: leakgate accept --all\n",
      without, results.size());
}

std::string lastLine(const std::vector<GateResult>& results, double seconds, bool colour) {
  const auto passed = std::count_if(results.begin(), results.end(),
                                    [](const GateResult& r) { return r.outcome == Outcome::pass; });
  return fmt::format("\n{}  {} of {} scenarios passed in {:.0f} s\n", outcomeLabel(worstOf(results), colour),
                     passed, results.size(), seconds);
}

}  // namespace

std::string gateText(const std::vector<GateResult>& results, const GateTextOptions& options) {
  std::string text = tableText(results);
  for (const auto& result : results) text += detailsOf(result, options);
  text += baselineHint(results);
  if (const std::string screen = firstScreen(redReasons(results, options.command)); !screen.empty())
    text += "\n" + screen;
  return text + lastLine(results, options.seconds, options.colour);
}

}  // namespace leakgate
