#include "html/request_cost_tables.hpp"

#include <fmt/core.h>

#include "html/html_table.hpp"
#include "report/profile_text.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownFunctions = 20;

}  // namespace

void addSystemCalls(Markup& markup, const SystemCallProfile& profile) {
  if (!profile.problem.empty()) {
    markup.element("p", "Not counted: " + profile.problem);
    return;
  }
  markup.element("p", fmt::format("Of {} requests ({}), in a replay without the shim, counted by strace.",
                                  profile.requests, profile.responses));
  HtmlTable table{"", {{"call"}, {"calls/request", Align::right}, {"failed/request", Align::right}}, {}};
  for (const SystemCallCount& count : profile.calls)
    table.rows.push_back(
        {{count.name},
         {perRequestText(count.calls, profile.requests)},
         {perRequestText(count.failed, profile.requests), count.failed == 0 ? "muted" : ""}});
  addTable(markup, table);
}

void addInstructions(Markup& markup, const InstructionProfile& profile) {
  if (!profile.problem.empty()) {
    markup.element("p", "Not counted: " + profile.problem);
    return;
  }
  markup.element(
      "p",
      fmt::format("{} per request: user instructions of {} requests, in replays without the shim, counted "
                  "by callgrind. Each function without what it calls.",
                  perRequestText(profile.total, profile.requests), profile.requests));
  HtmlTable most{"", {{"function"}, {"module"}, {"instructions/request", Align::right}}, {}};
  HtmlTable others = most;
  for (std::size_t i = 0; i < profile.functions.size(); ++i) {
    const FunctionInstructions& one = profile.functions[i];
    (i < kShownFunctions ? most : others)
        .rows.push_back({{one.function.empty() ? "?" : one.function},
                         {one.module, "muted"},
                         {perRequestText(one.instructions, profile.requests)}});
  }
  addTable(markup, most);
  if (others.rows.empty()) return;
  const auto details = markup.open("details");
  markup.element("summary", fmt::format("{} more functions", others.rows.size()));
  addTable(markup, others);
}

}  // namespace leakgate
