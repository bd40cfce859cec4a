#include "html/environment_list.hpp"

#include <fmt/core.h>

#include "report/finding_text.hpp"
#include "revisions/repository.hpp"

namespace leakgate {

namespace {

void addRow(Markup& markup, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  markup.trusted("\n");
  markup.element("dt", name);
  markup.element("dd", value);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string modulesText(const Environment& environment) {
  std::string text;
  for (const ModuleId& module : environment.modules)
    text += (text.empty() ? "" : ", ") + module.name +
            (module.buildId.empty() ? "" : " (" + module.buildId.substr(0, 12) + ")");
  return text;
}

std::string count(std::uint64_t number) { return withThousands(static_cast<std::int64_t>(number)); }

std::string costText(const ShimCost& cost) {
  if (cost.pairs == 0) return "not measured in this run";
  return fmt::format("{:+.1f} % CPU per request ({:+.0f} ns), by {} pairs of {} requests",
                     100 * (cost.cpuRatio - 1), cost.addedNsPerRequest, cost.pairs, count(cost.requests));
}

std::string repeatText(const ShimCost& cost) {
  if (cost.pairs == 0) return "";
  if (cost.repeatable) return fmt::format("{} counts, the same in two runs", cost.counts);
  return fmt::format("{} of {} counts differ between two runs: ", cost.varied.size(), cost.counts) +
         joined(cost.varied);
}

std::string lookText(const Look& look) {
  std::string text = count(look.requests) + " requests";
  if (look.idleSeconds > 0) text += fmt::format(" and {:.1f} s without any", look.idleSeconds);
  if (look.findOneIn > 0)
    text += fmt::format("; finds a block in {} requests with 99 %", count(look.findOneIn));
  return text;
}

}  // namespace

std::string commitText(const Environment& environment) {
  if (environment.commit.empty()) return "";
  return shortHash(environment.commit) + (environment.dirty ? " with changes" : "");
}

void addEnvironment(Markup& markup, const Report& report) {
  const Environment& environment = report.environment;
  const auto list = markup.open("dl");
  addRow(markup, "commit",
         environment.commit.empty() ? "" : environment.commit + (environment.dirty ? ", with changes" : ""));
  addRow(markup, "started", report.startedAt);
  addRow(markup, "command", joined(report.command));
  addRow(markup, "scenario",
         fmt::format("{} (hash {}, seed {})", report.scenario.file, report.scenario.hash,
                     report.scenario.load.seed));
  addRow(markup, "compiler", environment.compiler);
  addRow(markup, "flags", environment.flags);
  addRow(markup, "build type", environment.buildType);
  addRow(markup, "runtimes", joined(environment.runtimes));
  addRow(markup, "modules", modulesText(environment));
  addRow(markup, "system",
         fmt::format("{}, {}, {}, {} cores", environment.libc, environment.kernel, environment.cpu,
                     environment.cores));
  addRow(markup, "leakgate", environment.leakgate);
  addRow(markup, "machine fingerprint", environment.fingerprint);
}

void addSelfAudit(Markup& markup, const Report& report) {
  const SelfAudit& audit = report.audit;
  const auto list = markup.open("dl");
  addRow(markup, "events dropped", count(audit.eventsDropped));
  addRow(markup, "shim's cost", costText(audit.cost));
  addRow(markup, "repeatability", repeatText(audit.cost));
  addRow(markup, "shim's memory", count(audit.regionBytes) + " B");
  addRow(markup, "folded",
         fmt::format("{} sites, {} stacks", count(audit.sitesFolded), count(audit.stacksFolded)));
  addRow(markup, "stacks missed", count(audit.stacksMissed));
  addRow(markup, "foreign frees", count(audit.foreignFrees));
  addRow(markup, "processes, threads",
         fmt::format("{}, {}", count(audit.processes), count(audit.threadsSeen)));
  addRow(markup, "depth", std::string(toString(report.depth)));
  addRow(markup, "looked", lookText(report.look));
}

}  // namespace leakgate
