#include "html/diff_page.hpp"

#include <doctest/doctest.h>

#include "html/page_samples.hpp"
#include "html/well_formed.hpp"
#include "report/page_data.hpp"
#include "report/report_json.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;
using leakgate::test::flawOf;

namespace {

std::string pageOf(const Report& before, const Report& after) {
  return diffPage(diffReports(before, after), before, after, {});
}

}  // namespace

TEST_CASE("a new leak comes first, with its article") {
  const std::string page = pageOf(cleanReport(), leakyReport());
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "<span class=\"verdict fail\">WORSE</span>"));
  CHECK(
      holds(page, "<strong class=\"fail\">new</strong> <a href=\"#finding-1\">LEAK  h3::Event::setContext"));
  CHECK(holds(page, "<article id=\"finding-1\">"));
  CHECK(page.find(">new</strong>") < page.find("<section id=\"metrics\">"));
}

TEST_CASE("a leak that is gone is named") {
  const std::string page = pageOf(leakyReport(), cleanReport());
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "<span class=\"verdict pass\">NO REGRESSION</span>"));
  CHECK(holds(page, "<strong class=\"pass\">gone</strong> LEAK  h3::Event::setContext"));
}

TEST_CASE("two equal reports are neutral") {
  Report report = leakyReport();
  report.profile = sampleProfile();
  const std::string page = pageOf(report, report);
  CHECK(flawOf(page) == "");
  CHECK(holds(page, "No count and no finding changed."));
  CHECK(holds(page, "class=\"same\""));
  CHECK_FALSE(holds(page, "class=\"more\""));
  CHECK_FALSE(holds(page, "class=\"less"));
}

TEST_CASE("the page carries both reports, and is read as the newer one") {
  const std::string page = pageOf(cleanReport(), leakyReport());
  CHECK(toText(toJson(parseReport(page, "d.html"))) == toText(toJson(leakyReport())));
  CHECK(toText(toJson(parseReport(jsonOf(page, kBaseDataId, "d.html"), "d.html"))) ==
        toText(toJson(cleanReport())));
}

TEST_CASE("a diff of two profiles of 10,000 stacks stays below 1 MB, and has the newer one whole") {
  Report before = cleanReport();
  Report after = leakyReport();
  before.profile = after.profile = largeProfile();
  const std::string page = pageOf(before, after);
  CHECK(page.size() < 1'000'000);
  CHECK(parseReport(page, "d.html").profile->stacks.size() == kMaxProfiledStacks);
  CHECK_FALSE(parseReport(jsonOf(page, kBaseDataId, "d.html"), "d.html").profile.has_value());
}
