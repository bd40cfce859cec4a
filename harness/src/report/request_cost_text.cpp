#include "report/request_cost_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/metrics.hpp"
#include "report/finding_text.hpp"
#include "report/profile_text.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kFunctionColumns = 36;

std::string sum(const std::vector<SystemCallCount>& calls, std::uint64_t requests) {
  std::uint64_t all = 0;
  for (const auto& count : calls) all += count.calls;
  return perRequestText(all, requests);
}

}  // namespace

std::string kernelLine(const Report& report) {
  const auto value = [&](std::string_view name) {
    const Metric* metric = findMetric(report.metrics, name);
    return metric == nullptr ? std::string() : fmt::format("{:.3g}", metric->value);
  };
  const std::string minor = value("minor_faults_per_request");
  if (minor.empty()) return "";
  return fmt::format("  kernel       {} page faults per request, {} from disk; {} waits, {} preemptions\n",
                     minor, value("major_faults_per_request"), value("voluntary_switches_per_request"),
                     value("involuntary_switches_per_request"));
}

std::string systemCallText(const Report& report, std::size_t maxRows) {
  if (!report.systemCalls) return "";
  const SystemCallProfile& profile = *report.systemCalls;
  if (!profile.problem.empty()) return "\nsystem calls were not counted: " + profile.problem + "\n";
  std::string text =
      fmt::format("\nsystem calls of {} requests ({}), without the shim, by strace: {} per request\n",
                  withThousands(static_cast<std::int64_t>(profile.requests)), profile.responses,
                  sum(profile.calls, profile.requests));
  Table table({{"  call"}, {"calls/req", Align::right}, {"failed/req", Align::right}});
  const std::size_t shown = std::min(maxRows, profile.calls.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const SystemCallCount& count = profile.calls[i];
    table.add({"  " + count.name, perRequestText(count.calls, profile.requests),
               perRequestText(count.failed, profile.requests)});
  }
  text += table.text();
  const std::size_t others = profile.calls.size() - shown;
  return others == 0 ? text : text + fmt::format("  and {} more, in the report\n", others);
}

std::string instructionText(const Report& report, std::size_t maxRows) {
  if (!report.instructions) return "";
  const InstructionProfile& profile = *report.instructions;
  if (!profile.problem.empty()) return "\ninstructions were not counted: " + profile.problem + "\n";
  std::string text =
      fmt::format("\nuser instructions of {} requests, without the shim, by callgrind: {} per request\n",
                  withThousands(static_cast<std::int64_t>(profile.requests)),
                  perRequestText(profile.total, profile.requests));
  text += fmt::format("  {:>10} {:>7}  {}\n", "instr/req", "share", "function");
  const std::size_t shown = std::min(maxRows, profile.functions.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const FunctionInstructions& one = profile.functions[i];
    const double share = 100 * static_cast<double>(one.instructions) / static_cast<double>(profile.total);
    text += fmt::format("  {:>10} {:>5.1f} %  {}, {}\n", perRequestText(one.instructions, profile.requests),
                        share, shortened(one.function.empty() ? "?" : one.function, kFunctionColumns),
                        one.module);
  }
  return text;
}

}  // namespace leakgate
