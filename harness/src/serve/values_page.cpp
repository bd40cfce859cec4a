#include "serve/values_page.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "history/trend_words.hpp"
#include "html/html_table.hpp"
#include "report/finding_text.hpp"
#include "report/utc_time.hpp"
#include "revisions/repository.hpp"
#include "serve/address.hpp"

namespace leakgate {

namespace {

std::string titleOf(const HistoryValue& value) {
  return titleOf(TrendSeries{value.name, value.label, value.unit, value.direction, {}, {}});
}

std::string sideText(const HistoryRun& run) {
  return "commit " + shortHash(run.commit.hash) + (run.dirty ? " with uncommitted changes" : "") + " of " +
         dateOf(run.commit.time);
}

void addFact(Markup& markup, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  markup.element("dt", name);
  markup.element("dd", value);
}

void addFacts(Markup& markup, const RunPageInput& input) {
  const HistoryRun& run = input.run;
  const auto section = markup.open("section", {{"aria-label", "run"}});
  {
    const auto list = markup.open("dl");
    addFact(markup, "commit", run.commit.hash + (run.dirty ? ", with uncommitted changes" : ""));
    addFact(markup, "measured", dateOf(run.startedAt));
    addFact(markup, "machine", run.machine.description);
    addFact(markup, "compiler", run.machine.compiler);
  }
  const auto line = markup.open("p");
  markup.element("a", "Trend of " + run.scenario, {{"href", trendAddress(run.scenario)}});
  markup.text(" ");
  if (input.hasReport) {
    markup.element("a", "The whole report", {{"href", reportAddress(run.identity)}});
  } else {
    markup.element("span", "The history has its numbers; its report is not below a folder of --reports.",
                   {{"class", "muted"}});
  }
}

void addValues(Markup& markup, const HistoryRun& run) {
  HtmlTable table{"", {{"series"}, {"value", Align::right}, {"kind"}}, {}};
  for (const HistoryValue& value : run.values)
    table.rows.push_back({{titleOf(value), "", trendAddress(run.scenario, value.name)},
                          {asValue(value.value, value.unit)},
                          {std::string(toString(value.kind)), "muted"}});
  addTable(markup, table);
}

// The older of two runs stands first in a comparison.
void addOthers(Markup& markup, const RunPageInput& input) {
  HtmlTable table{"", {{"compare with"}, {"commit"}, {"measured"}, {"run"}}, {}};
  for (const RunHeader& other : input.others) {
    const bool older = other.startedAt <= input.run.startedAt;
    table.rows.push_back({{older ? "before" : "after", "",
                           older ? diffAddress(other.identity, input.run.identity)
                                 : diffAddress(input.run.identity, other.identity)},
                          {shortHash(other.commit.hash) + (other.dirty ? ", with uncommitted changes" : "")},
                          {dateOf(other.startedAt)},
                          {other.identity.substr(0, 8), "", runAddress(other.identity)}});
  }
  addTable(markup, table);
}

struct ValuePair {
  std::string title;
  std::string unit;
  std::optional<double> before;
  std::optional<double> after;
  bool exact = true;
  Direction direction = Direction::lower;

  bool differs() const { return before != after; }
  double size() const {
    if (!before || !after) return INFINITY;
    return std::abs(percentOf(*before, *after).value_or(INFINITY));
  }
};

std::vector<ValuePair> pairsOf(const HistoryRun& before, const HistoryRun& after) {
  std::map<std::string, ValuePair> pairs;
  const auto add = [&](const HistoryRun& run, std::optional<double> ValuePair::*side) {
    for (const HistoryValue& value : run.values) {
      ValuePair& pair = pairs[value.name + "\n" + value.unit];
      pair.title = titleOf(value);
      pair.unit = value.unit;
      pair.exact = pair.exact && value.kind == MetricKind::exact;
      pair.direction = value.direction;
      pair.*side = value.value;
    }
  };
  add(before, &ValuePair::before);
  add(after, &ValuePair::after);
  std::vector<ValuePair> sorted;
  for (auto& [key, pair] : pairs) {
    if (absentMeansZero(key)) {
      pair.before = pair.before.value_or(0);
      pair.after = pair.after.value_or(0);
    }
    sorted.push_back(std::move(pair));
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const ValuePair& a, const ValuePair& b) {
    if (a.differs() != b.differs()) return a.differs();
    if (a.exact != b.exact) return a.exact;
    return a.differs() && a.size() > b.size();
  });
  return sorted;
}

// Only counts that repeat: one run of each says little of a time.
std::string toneOf(const ValuePair& pair) {
  if (!pair.exact || !pair.differs() || !pair.before || !pair.after || pair.direction == Direction::none)
    return "";
  const bool rose = *pair.after > *pair.before;
  return rose == (pair.direction == Direction::lower) ? "fail" : "pass";
}

std::string changeText(const ValuePair& pair) {
  if (!pair.differs()) return "same";
  if (!pair.before || !pair.after) return pair.before ? "gone" : "new";
  const auto percent = percentOf(*pair.before, *pair.after);
  return percent ? fmt::format("{:+.3g} %", *percent) : "from 0";
}

void addPairs(Markup& markup, const std::vector<ValuePair>& pairs) {
  HtmlTable table{
      "",
      {{"series"}, {"before", Align::right}, {"after", Align::right}, {"change", Align::right}, {"kind"}},
      {}};
  const auto text = [](const std::optional<double>& value, const std::string& unit) {
    return value ? asValue(*value, unit) : "-";
  };
  for (const ValuePair& pair : pairs)
    table.rows.push_back({{pair.title},
                          {text(pair.before, pair.unit)},
                          {text(pair.after, pair.unit)},
                          {changeText(pair), toneOf(pair)},
                          {pair.exact ? "exact" : "varies", "muted"}});
  addTable(markup, table);
}

void addCaveats(Markup& markup, const HistoryRun& before, const HistoryRun& after) {
  const auto section = markup.open("section", {{"aria-label", "what is compared"}});
  if (before.scenario != after.scenario)
    markup.element("p", "Two scenarios: " + before.scenario + " and " + after.scenario + ".",
                   {{"class", "warn"}});
  else if (before.workload != after.workload)
    markup.element("p", "The scenario's steps or load differ between the two runs.", {{"class", "warn"}});
  if (before.machine.fingerprint != after.machine.fingerprint)
    markup.element("p",
                   "Measured on different machines or builds: before " + before.machine.description + ", " +
                       before.machine.compiler + "; after " + after.machine.description + ", " +
                       after.machine.compiler + ".",
                   {{"class", "warn"}});
  markup.element(
      "p",
      "The numbers of the history; with the reports of both runs below a folder of --reports, this page "
      "shows findings and stacks too.",
      {{"class", "muted"}});
}

}  // namespace

std::string valuesPage(const RunPageInput& input, const PageSite& site) {
  PageHead head;
  head.heading = input.run.scenario;
  head.title = head.heading + ", " + shortHash(input.run.commit.hash);
  head.summary = "run " + input.run.identity + ", " + sideText(input.run);
  head.site = site;
  PageParts parts;
  addFacts(parts.markup(), input);
  parts.add("values", "Values", [&](Markup& markup) { addValues(markup, input.run); });
  if (!input.others.empty())
    parts.add("others", "Compare with", [&](Markup& markup) { addOthers(markup, input); });
  return pageText(head, parts, "");
}

std::string valuesDiffPage(const HistoryRun& before, const HistoryRun& after, const PageSite& site) {
  const std::vector<ValuePair> pairs = pairsOf(before, after);
  const auto differing = static_cast<std::size_t>(
      std::count_if(pairs.begin(), pairs.end(), [](const ValuePair& p) { return p.differs(); }));
  PageHead head;
  head.heading = after.scenario;
  head.title = head.heading + ": two runs";
  head.summary = fmt::format("before: {}; after: {}; {} of {} series differ", sideText(before),
                             sideText(after), differing, pairs.size());
  head.site = site;
  PageParts parts;
  addCaveats(parts.markup(), before, after);
  parts.add("values", "Values", [&](Markup& markup) { addPairs(markup, pairs); });
  return pageText(head, parts, "");
}

}  // namespace leakgate
