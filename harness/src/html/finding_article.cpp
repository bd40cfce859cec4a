#include "html/finding_article.hpp"

#include <fmt/core.h>

#include "analysis/finding_kind.hpp"
#include "html/line_chart.hpp"
#include "html/stack_list.hpp"
#include "report/finding_text.hpp"
#include "report/stack_text.hpp"

namespace leakgate {

namespace {

std::string placeText(const Place& place) {
  if (place.file.empty()) return place.module;
  return fmt::format("{}:{}{}", place.file, place.line, place.module.empty() ? "" : ", in " + place.module);
}

void addNotes(Markup& markup, const NamedFinding& finding) {
  const auto add = [&](const std::string& text) {
    if (!text.empty()) markup.element("p", text);
  };
  for (const auto& line : finding.growth.evidence) add(line);
  if (!finding.place.scope.empty()) add("In scope " + finding.place.scope + ".");
  add(finding.growth.detail);
  if (finding.confirmed == Confirmed::no) add("It did not grow again when replayed with stacks.");
}

void addTrigger(Markup& markup, const Report& report, std::size_t number) {
  if (!report.trigger) return;
  const TriggerResult* result = resultOf(*report.trigger, number);
  if (result == nullptr) return;
  const auto line = markup.open("p");
  markup.element("strong", "Trigger: ");
  markup.text(result->conclusion.text);
}

void addGrowth(Markup& markup, const NamedFinding& finding) {
  const Finding& growth = finding.growth;
  const bool inBytes = !growth.bytes.empty() && growth.bytes.back() != 0 && traitsOf(growth.kind).hasBytes;
  const auto& values = inBytes ? growth.bytes : growth.blocks;
  if (values.size() != growth.checkpoints.size() || values.size() < 2) return;
  LineChart chart;
  chart.title = "Growth at the checkpoints";
  chart.unit = inBytes ? "B" : "";
  chart.xName = growth.follows == Follows::unknown || growth.follows == Follows::time
                    ? "events"
                    : std::string(toString(growth.follows)) + "s";
  chart.caption =
      fmt::format("{} after {} {}", asValue(static_cast<double>(values.back()), chart.unit),
                  withThousands(static_cast<std::int64_t>(growth.checkpoints.back())), chart.xName);
  chart.fromZero = true;
  Curve& curve = chart.curves.emplace_back();
  for (std::size_t i = 0; i < values.size(); ++i)
    curve.points.push_back({static_cast<double>(growth.checkpoints[i]), static_cast<double>(values[i])});
  addLineChart(markup, chart);
}

void addOtherStacks(Markup& markup, const NamedFinding& finding) {
  for (std::size_t i = 1; i < finding.stacks.size(); ++i) {
    const NamedStack& stack = finding.stacks[i];
    const auto details = markup.open("details");
    markup.element("summary", fmt::format("Stack {} of {}: {:+.4g} blocks, {:+.4g} B per event", i + 1,
                                          finding.stackCount, stack.blocksPerEvent, stack.bytesPerEvent));
    addStackList(markup, stack.frames, stack.truncated);
  }
}

void addGrowingLines(Markup& markup, const NamedFinding& finding) {
  if (finding.lines.empty()) return;
  markup.element("p", "Lines that share the growth:");
  const auto list = markup.open("ul");
  for (const GrowingLine& line : finding.lines) markup.element("li", growingLineText(line));
}

}  // namespace

std::string findingId(const PageContext& context, std::size_t number) {
  return fmt::format("{}finding-{}", context.idPrefix, number + 1);
}

void addFinding(Markup& markup, const Report& report, std::size_t number, const PageContext& context) {
  const NamedFinding& finding = report.findings[number];
  const auto article = markup.open("article", {{"id", findingId(context, number)}});
  markup.element("h3", findingHeadline(finding));
  if (const std::string evidence = findingEvidence(finding); !evidence.empty())
    markup.element("p", evidence, {{"class", "muted"}});
  if (const std::string place = placeText(finding.place); !place.empty()) {
    const auto line = markup.open("p");
    markup.element("code", place);
  }
  addSourceExcerpt(markup, context.readSource, finding.place.file, finding.place.line);
  addTrigger(markup, report, number);
  addNotes(markup, finding);
  {
    const auto growth = markup.open("div", {{"class", "growth"}});
    addGrowth(markup, finding);
    const auto stacks = markup.open("div");
    if (finding.stacks.empty()) {
      addStackList(markup, finding.stack, false);
    } else {
      addStackList(markup, finding.stacks.front().frames, finding.stacks.front().truncated);
    }
    addOtherStacks(markup, finding);
    addGrowingLines(markup, finding);
  }
  markup.element("p", "fingerprint " + finding.fingerprint, {{"class", "muted"}});
}

}  // namespace leakgate
