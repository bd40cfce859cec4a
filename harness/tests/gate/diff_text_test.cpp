#include "gate/diff_text.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

Report slower(double factor) {
  Report report = cleanReport();
  for (auto& metric : report.metrics)
    if (metric.name == "cpu_ns_per_request") metric.value *= factor;
  return report;
}

}  // namespace

TEST_CASE("a new leak as text, Markdown and JSON") {
  const Report clean = cleanReport();
  const Report leaky = leakyReport();
  const ReportDiff diff = diffReports(clean, leaky);
  const std::string text = diffText(diff, "sample");
  CHECK(
      text.find("sample: worse than before\n"
                "new     LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request of step login (8,000 "
                "requests, exact at every checkpoint)\n"
                "            in scope setContext\n") == 0);
  CHECK(has(text, "\nworse   live_bytes_growth: 136,000 B, was 0 B (from 0)\n"));
  const std::string markdown = diffMarkdown(diff, "sample");
  CHECK(markdown.find("### sample: worse than before\n\n- **new** `LEAK  h3::Event") == 0);
  CHECK(has(markdown, "\n| live_bytes_growth | 0 B | 136,000 B | from 0 | exact | worse |\n"));
  const auto json = diffJson(diff, "sample");
  CHECK(json["regressed"] == true);
  CHECK(json["findings"][0]["change"] == "new");
  CHECK(json["new_findings"].size() == 1);
}

TEST_CASE("equal reports") {
  const Report clean = cleanReport();
  CHECK(diffText(diffReports(clean, clean), "sample") ==
        "sample: no regression\nNo count and no finding changed.\n");
  CHECK(diffMarkdown(diffReports(clean, clean), "sample") ==
        "### sample: no regression\n\nNo count and no finding changed.\n");
}

TEST_CASE("a leak that grew says what it was") {
  const Report before = leakyReport();
  Report after = before;
  after.findings[0].growth.bytesPerEvent = 34;
  const std::string text = diffText(diffReports(before, after), "sample");
  CHECK(has(text, "\ngrew    LEAK  h3::Event::setContext  +1.000 blocks, +34 B per request"));
  CHECK(has(text, "\n        was LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request"));
}

TEST_CASE("a leak in a function that was renamed says how similar the stacks are") {
  Report before = leakyReport();
  NamedFinding& old = before.findings[0];
  old.stacks.clear();
  old.stack.assign(2, {});
  old.stack[0].function = "store::save";
  old.stack[1].function = "serve";
  old.fingerprint = "old";
  Report after = before;
  after.findings[0].stack[0].function = "store::saveNote";
  after.findings[0].fingerprint = "new";
  const std::string text = diffText(diffReports(before, after), "sample");
  CHECK(has(text, "sample: no regression\nrenamed LEAK "));
  CHECK(has(text, "; the stacks are 95 % alike\n"));
  CHECK(diffJson(diffReports(before, after), "sample")["findings"][0]["similarity"] == 0.95);
}

TEST_CASE("places that allocate more are listed, the most first") {
  Report before = allocating(2, {}, 0);
  before.look.requests = 1000;
  before.sites.assign(1, {});
  before.sites[0].place = {"login", "notes.cpp", 42, "server", ""};
  before.sites[0].allocations = 2000;
  Report after = before;
  for (auto& metric : after.metrics)
    if (metric.name == "allocations_per_request") metric.value = 4;
  after.sites[0].allocations = 3000;
  const ReportDiff diff = diffReports(before, after);
  CHECK(has(diffText(diff, "sample"),
            "\nAllocations by place\n"
            "blocks/request  bytes/request  place\n"
            "        +1.000             +0  login  notes.cpp:42\n"
            "        +1.000                 places that a report does not name\n"));
  CHECK(has(diffMarkdown(diff, "sample"), "\n| +1.000 | +0 | login  notes.cpp:42 |\n"));
  CHECK(diffJson(diff, "sample")["places"][0]["blocks_after"] == 3);
}

TEST_CASE("times are shown and not judged; between two machines it says why not") {
  const Report before = slower(1);
  const Report after = slower(3);
  const std::string text = diffText(diffReports(before, after), "sample");
  CHECK(has(text, "sample: no regression\nNo count and no finding changed.\n\nNot judged, one run of each"));
  CHECK(has(text, "        cpu_ns_per_request: "));
  CHECK(has(text, "(+200.0 %)\n"));
  CHECK(has(diffMarkdown(diffReports(before, after), "sample"), "<details><summary>Not judged"));
  Report elsewhere = after;
  elsewhere.environment.compiler = "GNU C++20 13.2.0";
  elsewhere.environment.fingerprint = environmentFingerprint(elsewhere.environment);
  const std::string other = diffText(diffReports(before, elsewhere), "sample");
  CHECK_FALSE(has(other, "cpu_ns_per_request"));
  CHECK(has(other,
            "Times, CPU and RSS were not compared, the environments differ:\n"
            "        compiler: GNU C++20 12.2.0, now GNU C++20 13.2.0\n"));
}

TEST_CASE("steps that are slower or faster are named, the slowest first, and not judged") {
  Report before = cleanReport();
  before.steps = {{"login", 1000, 120'000}, {"home", 1000, 40'000}, {"user", 1000, 30'000}, {"old", 1, 1}};
  Report after = before;
  after.steps = {{"user", 1000, 20'000}, {"home", 1000, 43'000}, {"login", 1000, 144'000}, {"new", 1, 1}};
  const ReportDiff diff = diffReports(before, after);
  CHECK_FALSE(diff.regressed());
  CHECK(has(diffText(diff, "sample"),
            "\nNot judged, one run of each build proves nothing about times, CPU and RSS:\n"
            "        step login: median 144 us, was 120 us (+20.0 %)\n"
            "        step user: median 20 us, was 30 us (-33.3 %)\n"));
  CHECK(diff.steps.size() == 2);
  CHECK(has(diffMarkdown(diff, "sample"), "| login | 120 us | 144 us | +20.0 % |"));
  CHECK(diffJson(diff, "sample")["steps"][0]["p50_ns_after"] == 144'000);
  after.environment.compiler = "GNU C++20 13.2.0";
  after.environment.fingerprint = environmentFingerprint(after.environment);
  CHECK(diffReports(before, after).steps.empty());
}

TEST_CASE("a diff names a spread as one") {
  const Report before = allocating(136.27, Spread{6, 136.27, 136.31}, 0);
  const Report after = allocating(137.29, {}, 0);
  const ReportDiff diff = diffReports(before, after);
  CHECK(
      has(diffMarkdown(diff, "sample"),
          "| allocations_per_request | 136.27 to 136.31 blocks in 6 runs | 137.29 blocks | +0.7 % | spread | "
          "worse |\n"));
  const auto json = diffJson(diff, "sample");
  const auto& metric = json["metrics"][4];
  CHECK(metric["name"] == "allocations_per_request");
  CHECK(metric["kind"] == "spread");
  CHECK(metric["before_spread"]["high"] == 136.31);
  CHECK_FALSE(metric.contains("after_spread"));
}
