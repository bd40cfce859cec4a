#include "report/run_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "analysis/metrics.hpp"
#include "report/finding_text.hpp"
#include "report/growth_line.hpp"
#include "report/request_cost_text.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownVaried = 4;

std::string metricText(const Report& report, std::string_view name) {
  const Metric* metric = findMetric(report.metrics, name);
  return metric == nullptr ? "not measured" : asValue(*metric);
}

std::string statusesText(const Report& report) {
  std::string text;
  constexpr std::string_view kPrefix = "statuses.";
  for (const auto& metric : report.metrics) {
    if (metric.name.rfind(kPrefix, 0) != 0) continue;
    text +=
        (text.empty() ? "" : ", ") + metric.name.substr(kPrefix.size()) + ": " + asValue(metric.value, "1");
  }
  return text.empty() ? "" : " (" + text + ")";
}

std::string driftText(const Report& report) {
  if (!report.drift) return "not measured: too few requests";
  const auto& drift = *report.drift;
  const bool judged = report.scenario.budgets.contains("latency_drift_percent");
  return fmt::format("{:+.1f} % from first to last (95 % confidence {:+.1f} to {:+.1f} %){}", drift.percent,
                     drift.low, drift.high, judged ? "" : ", not judged: no budget");
}

std::string repeatText(const ShimCost& cost) {
  if (cost.repeatable)
    return cost.counts == 0 ? "the same counts twice" : fmt::format("{} counts the same twice", cost.counts);
  if (cost.varied.empty()) return "NOT the same counts twice";
  std::string names;
  for (std::size_t i = 0; i < std::min(kShownVaried, cost.varied.size()); ++i) {
    names += (i == 0 ? "" : ", ") + cost.varied[i];
  }
  if (cost.varied.size() > kShownVaried)
    names += fmt::format(" and {} more", cost.varied.size() - kShownVaried);
  return fmt::format("{} of {} counts the same twice",
                     cost.counts - std::min(cost.counts, std::uint64_t{cost.varied.size()}), cost.counts) +
         "\n               not the same: " + names;
}

// One line per step, if there are several.
std::string stepsText(const Report& report) {
  if (report.steps.empty()) return "";
  Table table({{"  step"},
               {"requests", Align::right},
               {"p50", Align::right},
               {"p99", Align::right},
               {"drift", Align::right}});
  for (const StepTimes& times : report.steps) {
    const std::string drift = times.hasDrift
                                  ? fmt::format("{:+.1f} % ({:+.1f} to {:+.1f})", times.driftPercent,
                                                times.driftLow, times.driftHigh)
                                  : "-";
    table.add({"  " + times.step, withThousands(static_cast<std::int64_t>(times.requests)),
               asValue(times.p50Ns, "ns"), asValue(times.p99Ns, "ns"), drift});
  }
  return table.text();
}

std::string costText(const ShimCost& cost) {
  return fmt::format("{:+.1f} % CPU per request ({:+.0f} ns, {} pairs of {} requests), {}",
                     100 * (cost.cpuRatio - 1), cost.addedNsPerRequest, cost.pairs, cost.requests,
                     repeatText(cost));
}

std::string lookText(const Report& report) {
  const Look& look = report.look;
  if (look.requests == 0) return "";
  std::string text =
      "  looked       " + withThousands(static_cast<std::int64_t>(look.requests)) + " requests";
  text += look.idleSeconds > 0 ? fmt::format(" and {:.1f} s idle", look.idleSeconds) : " and no time idle";
  if (look.end == LookEnd::time) text += ", no further for lack of time";
  if (look.end == LookEnd::safety) text += ", no further: the target would run out of what grows";
  if (look.findOneIn > 0)
    text += fmt::format("; finds a block in {} requests with 99 %",
                        withThousands(static_cast<std::int64_t>(look.findOneIn)));
  return text + "\n";
}

std::string runtimesText(const Report& report) {
  std::string text;
  for (const auto& name : report.environment.runtimes) text += (text.empty() ? "" : ", ") + name;
  const bool collected = findMetric(report.metrics, "managed_heap_growth_bytes") != nullptr;
  return text + (collected ? ", collected before each checkpoint" : ", judged by what is resident");
}

std::string figures(const Report& report) {
  const auto m = [&](std::string_view name) { return metricText(report, name); };
  std::string text;
  text +=
      fmt::format("  requests     {}, responses {}{}\n", m("requests"), m("responses"), statusesText(report));
  if (report.depth != Depth::none) {
    text += fmt::format("  live growth  {}, {}\n", m("live_bytes_growth"), m("live_blocks_growth"));
    text += fmt::format("  allocations  {} per request, {} per request\n", m("allocations_per_request"),
                        m("allocated_bytes_per_request"));
  }
  text +=
      fmt::format("  process      descriptors {}, threads {}, mappings {}, RSS {}\n", m("descriptors_growth"),
                  m("threads_growth"), m("mappings_growth"), m("rss_growth_bytes"));
  text += fmt::format("  speed        {}, CPU {} per request, latency p50 {}, p99 {}, p99.9 {}\n",
                      m("throughput_rps"), m("cpu_ns_per_request"), m("latency.p50_ns"), m("latency.p99_ns"),
                      m("latency.p999_ns"));
  text += kernelLine(report);
  text += fmt::format("  drift        {}\n", driftText(report));
  text += stepsText(report);
  if (!report.environment.runtimes.empty()) text += "  runtime      " + runtimesText(report) + "\n";
  if (report.audit.cost.pairs > 0) text += "  shim         " + costText(report.audit.cost) + "\n";
  text += lookText(report);
  if (!report.escalation.empty()) text += "  stacks       " + report.escalation + "\n";
  if (report.audit.stacksFolded > 0) {
    text += fmt::format(
        "  stacks       {} blocks are counted by their caller alone: the table of stacks is full\n",
        withThousands(static_cast<std::int64_t>(report.audit.stacksFolded)));
  }
  return text;
}

// The target's last output, if it failed.
std::string endText(const Report& report) {
  const auto line = report.endReason.find('\n');
  return "PARTIAL  the run ended early: " + std::string(toString(report.end)) +
         (line == std::string::npos ? "\n" : report.endReason.substr(line) + "\n");
}

std::string summary(const Report& report) {
  const std::size_t count = report.verdict.failures.size();
  if (count == 0) return report.scenario.name;
  return fmt::format("{}: {} {}", report.scenario.name, count, count == 1 ? "reason" : "reasons");
}

constexpr std::size_t kShown = 5;

// The fingerprint leads to the same finding in every format, page and history.
std::string detailsOf(const Report& report, const NamedFinding& finding, const std::string& indent,
                      Charset charset) {
  std::vector<std::string> lines = findingPlaceLines(finding);
  if (std::string line = growthLine(finding.growth, charset); !line.empty()) lines.push_back(std::move(line));
  lines.push_back("fingerprint " + finding.fingerprint);
  if (report.trigger) {
    const auto number = static_cast<std::size_t>(&finding - report.findings.data());
    if (const TriggerResult* result = resultOf(*report.trigger, number))
      lines.push_back("trigger: " + result->conclusion.text);
  }
  std::string text;
  for (const auto& line : lines) text += indent + "      " + line + "\n";
  return text;
}

}  // namespace

std::string outcomeLabel(Outcome outcome, bool colour) {
  std::string label(toString(outcome));
  for (char& c : label) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (!colour) return label;
  const char* code = outcome == Outcome::pass ? "32" : outcome == Outcome::fail ? "31" : "33";
  return fmt::format("\033[{}m{}\033[0m", code, label);
}

std::string verdictText(const Report& report, const std::string& indent, Charset charset) {
  std::string text;
  for (const auto& reason : report.verdict.failures) {
    text += indent + reason.text + "\n";
    if (const NamedFinding* finding = findingOf(report, reason))
      text += detailsOf(report, *finding, indent, charset);
  }
  for (const auto& reason : report.verdict.suspects) {
    text += indent + "suspect, not repeated since the run fails anyway: " + reason.text + "\n";
  }
  for (const auto& note : report.verdict.notes) text += indent + "note: " + note + "\n";
  return text;
}

std::string observedText(const Report& report, const std::string& label) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, report.observations.size()); ++i)
    text += label + observationLine(report.observations[i]) + "\n";
  return text;
}

std::string runText(const Report& report, const RunTextOptions& options) {
  std::string text = outcomeLabel(report.verdict.outcome, options.colour) + "  " + summary(report) + "\n";
  if (report.end != RunEnd::whole) text += endText(report);
  text += verdictText(report, "", options.charset);
  if (report.repeats > 0)
    text += fmt::format("  runs         {}, since the first looked worse\n", 1 + report.repeats);
  text += figures(report);
  text += observedText(report, "  observed     ");
  for (std::size_t i = 0; i < std::min(kShown, report.suppressed.size()); ++i) {
    text += "  suppressed   " + findingLine(report.suppressed[i]) + "\n";
  }
  if (report.trigger) {
    text += fmt::format("  trigger      {} experiments in {:.1f} s{}\n", report.trigger->experiments.size(),
                        report.trigger->seconds,
                        report.trigger->complete ? "" : ", not all that were planned: see --trigger-seconds");
    for (const auto& note : report.trigger->notes) text += "  note         " + note + "\n";
    text += triggerTable(*report.trigger);
  }
  if (!options.reportFile.empty()) text += "  report       " + options.reportFile + "\n";
  if (exitCodeOf(report.verdict.outcome) != 0) text += "  reproduce    " + report.reproduce + "\n";
  return text;
}

}  // namespace leakgate
