#include "serve/values_page.hpp"

#include <doctest/doctest.h>

#include "sample_trend.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

RunHeader headerOf(const HistoryRun& run, std::int64_t id) {
  return {id, run.identity, run.commit, run.dirty, run.scenario, run.workload, 1, run.startedAt, 4};
}

std::string rowOf(const std::string& page, const std::string& name) {
  const auto row = page.find("<td class=\"name\">" + name + "</td>");
  return row == std::string::npos ? "" : page.substr(row, page.find("</tr>", row) - row);
}

HistoryRun hostileRun(std::size_t number) {
  HistoryRun run = sampleRun(number, kHostile);
  run.identity = run.commit.hash = kHostile;
  run.machine = {kHostile + std::to_string(number), kHostile, kHostile, kHostile};
  for (HistoryValue& value : run.values) value.name = value.label = value.unit = kHostile;
  return run;
}

}  // namespace

TEST_CASE("a run shows its values, and leads to a comparison with each other one, the older first") {
  const HistoryRun run = sampleRun(1);
  const HistoryRun older = sampleRun(0);
  const HistoryRun newer = sampleRun(2);
  const std::string page = valuesPage({run, {headerOf(newer, 3), headerOf(older, 1)}, false}, sampleSite());
  CHECK(flawOfServed(page) == "");
  CHECK(holds(page, ">3 blocks</td>"));
  CHECK(holds(page, "href=\"/diff?before=" + older.identity + "&amp;after=" + run.identity + "\""));
  CHECK(holds(page, "href=\"/diff?before=" + run.identity + "&amp;after=" + newer.identity + "\""));
  CHECK(holds(page, "its report is not below a folder of --reports"));
  CHECK(holds(valuesPage({run, {}, true}, sampleSite()), "href=\"/report?id=" + run.identity + "\""));
}

TEST_CASE("of two runs what differs comes first; only counts are coloured") {
  HistoryRun after = sampleRun(1);
  after.values[0].value = 4;
  after.values[1].value *= 3;
  const std::string page = valuesDiffPage(sampleRun(0), after, sampleSite());
  CHECK(flawOfServed(page) == "");
  CHECK(holds(page, "2 of 4 series differ"));
  CHECK(holds(rowOf(page, "allocations_per_request"), "<td class=\"number fail\">+33.3 %</td>"));
  CHECK(holds(rowOf(page, "cpu_ns_per_request"), "<td class=\"number\">+200 %</td>"));
  CHECK(holds(rowOf(page, "reuse_ratio"), ">same</td>"));
  CHECK(page.find("allocations_per_request") < page.find("cpu_ns_per_request"));
  CHECK(page.find("cpu_ns_per_request") < page.find("reuse_ratio"));
}

TEST_CASE("a finding that one run lacks is 0 there, another number is missing") {
  HistoryRun after = sampleRun(1);
  after.values.erase(after.values.begin() + 2, after.values.end());
  const std::string page = valuesDiffPage(sampleRun(0), after, sampleSite());
  CHECK(holds(rowOf(page, "bytes_per_event at login app.cpp:31"),
              ">0 B</td><td class=\"number pass\">-100 %</td>"));
  CHECK(holds(rowOf(page, "reuse_ratio"), ">-</td><td class=\"number\">gone</td>"));
}

TEST_CASE("a comparison says when machines, loads or scenarios differ") {
  const auto caveats = [](auto change) {
    HistoryRun after = sampleRun(1);
    change(after);
    return valuesDiffPage(sampleRun(0), after, {});
  };
  CHECK_FALSE(holds(caveats([](HistoryRun&) {}), "class=\"warn\""));
  CHECK(holds(caveats([](HistoryRun& run) { run.machine.fingerprint = "b"; }),
              "Measured on different machines"));
  CHECK(holds(caveats([](HistoryRun& run) { run.workload = "b"; }), "steps or load differ"));
  CHECK(holds(caveats([](HistoryRun& run) { run.scenario = "b"; }), "Two scenarios: login and b."));
}

TEST_CASE("no name of a run becomes markup") {
  const HistoryRun run = hostileRun(0);
  CHECK(isHarmless(valuesPage({run, {headerOf(run, 1)}, true}, sampleSite())));
  CHECK(isHarmless(valuesDiffPage(run, hostileRun(1), sampleSite())));
}
