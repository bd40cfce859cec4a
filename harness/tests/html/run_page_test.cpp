#include "html/run_page.hpp"

#include <doctest/doctest.h>

#include "html/page_samples.hpp"
#include "html/well_formed.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using leakgate::test::flawOf;

TEST_CASE("the verdict and every reason come first") {
  const std::string page = runPage(failingReport(), {});
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "<span class=\"verdict fail\">FAIL</span>"));
  const auto verdict = page.find("<h1>");
  const auto reason = page.find("<a href=\"#finding-1\">LEAK  h3::Event::setContext");
  const auto budget = page.find("BUDGET  allocations_per_request is too high");
  const auto trigger = page.find("per abort after the headers");
  const auto command = page.find("leakgate run scenarios/sample.json");
  const auto findings = page.find("<section id=\"findings\">");
  CHECK(verdict < reason);
  CHECK(reason < trigger);
  CHECK(trigger < budget);
  CHECK(budget < command);
  CHECK(command < findings);
  CHECK(findings < page.find("<section id=\"metrics\">"));
  CHECK(holds(page, "<li>Note: no baseline</li>"));
}

TEST_CASE("a finding has its source line, growth and stack") {
  const PageContext context{[](const std::string& file) {
    return file.ends_with("src/event.cpp") ? std::optional(std::string(87, '\n') + "keys.push_back(copy);\n")
                                           : std::nullopt;
  }};
  const std::string page = runPage(failingReport(), context);
  CHECK(holds(page, "<mark>&gt;    88  keys.push_back(copy);</mark>"));
  CHECK(holds(page, "Growth at the checkpoints</strong>: 136,000 B after 8,000 requests"));
  CHECK(holds(page, "2 frames of libraries"));
}

TEST_CASE("metrics stand beside budget and baseline") {
  const std::string page = runPage(failingReport(), {{}, allocating(3, std::nullopt, 3).metrics});
  const auto row = page.find("<td class=\"name\">allocations_per_request</td>");
  REQUIRE(row != std::string::npos);
  const std::string cells = page.substr(row, page.find("</tr>", row) - row);
  CHECK(holds(cells, ">3 blocks</td>"));
  CHECK(holds(cells, ">at most 0 blocks</td>"));
  CHECK(holds(cells, "<td class=\"fail\">fails</td>"));
}

TEST_CASE("no name becomes markup") {
  const std::string page = runPage(hostileReport(), {[](const std::string&) { return kHostile; }});
  CHECK(flawOf(page) == "");
  CHECK_FALSE(holds(page, "<img"));
  CHECK_FALSE(holds(page, "<script>alert"));
  CHECK_FALSE(holds(page, "\x1b"));
  // NOLINTNEXTLINE(misc-misleading-bidirectional)
  CHECK_FALSE(holds(page.substr(0, page.find("application/json")), "\u202e"));
}

TEST_CASE("a profile has a flame graph, its largest stacks, and each step") {
  Report report = cleanReport();
  report.profile = sampleProfile();
  const std::string page = runPage(report, {});
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "Allocations per request, all steps mixed</strong>: 3"));
  CHECK(holds(page, "2 allocations, 40 B per request: h3::Event::setContext"));
  CHECK(holds(page, "<summary>Step login alone: 200: 800</summary>"));
  CHECK(holds(page, "<summary>Step logout alone: the target ended</summary>"));
}

TEST_CASE("instructions have a table by function, long ones folded") {
  Report report = cleanReport();
  report.instructions = InstructionProfile{400, "", 400'000, {}};
  for (int i = 0; i < 30; ++i)
    report.instructions->functions.push_back({"parse" + std::to_string(i), "server", 10'000});
  CHECK(flawOf(runPage(report, {})) == "");
  CHECK(holds(runPage(report, {}), "1,000 per request: user instructions of 400 requests"));
  CHECK(holds(runPage(report, {}), "<summary>10 more functions</summary>"));
}

TEST_CASE("system calls have a table, or the reason why they were not counted") {
  Report report = cleanReport();
  report.systemCalls = SystemCallProfile{800, "200: 800", "", {{"recvfrom", 1600, 800}}};
  CHECK(flawOf(runPage(report, {})) == "");
  CHECK(holds(runPage(report, {}), "<td class=\"name\">recvfrom</td>"));
  report.systemCalls->problem = "the target ended";
  CHECK(holds(runPage(report, {}), "Not counted: the target ended"));
}

TEST_CASE("a page with 10,000 stacks stays below 1 MB, and carries them") {
  Report report = failingReport();
  report.profile = largeProfile();
  const std::string page = runPage(report, {});
  CHECK(page.size() < 1'000'000);
  CHECK(flawOf(page) == "");
  CHECK(parseReport(page, "page.html").profile->stacks.size() == kMaxProfiledStacks);
}

TEST_CASE("the report reads back from its page as it was written") {
  Report hostile = hostileReport();
  hostile.scenario.name = "sample";  // reading refuses other names
  for (const Report& report : {cleanReport(), failingReport(), hostile}) {
    const std::string text = toText(toJson(report));
    CHECK(toText(toJson(parseReport(runPage(report, {}), "page.html"))) == text);
  }
}

TEST_CASE("a page of a site asks the site for style and scripts, and leads to the pages above") {
  PageContext context;
  context.site = {"/", {{"History", "/"}, {"a&b", "/trend?scenario=a%26b"}}, "0011"};
  const std::string page = runPage(cleanReport(), context);
  CHECK(holds(page, "<link rel=\"stylesheet\" href=\"/style.css\"/>"));
  CHECK(holds(page, "<script src=\"/script.js\"></script>"));
  CHECK(holds(page, "<script src=\"/watch.js\"></script>"));
  CHECK(holds(page, "<body data-state=\"0011\">"));
  CHECK(holds(page, "<a href=\"/trend?scenario=a%26b\">a&amp;b</a>"));
  CHECK_FALSE(holds(page, "<style>"));
  CHECK_FALSE(holds(page, "<script>"));
  context.site.state.clear();
  CHECK_FALSE(holds(runPage(cleanReport(), context), "watch.js"));
}
