#include <doctest/doctest.h>

#include "report/report_json.hpp"
#include "report/sample_report.hpp"
#include "writers/formats.hpp"

using namespace leakgate;

TEST_CASE("a single report has its own page, which is read as the report") {
  const std::vector<GateResult> results{resultOf(leakyReport(), "")};
  const std::string page = htmlText({results, "leakgate gate", 1});
  CHECK(toText(toJson(parseReport(page, "x.html"))) == toText(toJson(leakyReport())));
}

TEST_CASE("several have the gate's") {
  const std::vector<GateResult> results{resultOf(leakyReport(), ""), resultOf(cleanReport(), "")};
  CHECK(htmlText({results, "leakgate gate", 1}).find("2 of 2 scenarios passed") != std::string::npos);
}
