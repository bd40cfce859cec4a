#include "gate/diff_text.hpp"

#include <doctest/doctest.h>

#include "gate/compare.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

TEST_CASE("a diff as text, Markdown and JSON") {
  const auto comparison = compare(asBaseline(cleanReport()), leakyReport());
  CHECK(diffText(comparison, "sample")
            .find("sample: worse than before\n"
                  "new   LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request of step login (8,000 "
                  "requests, exact at every checkpoint)\n"
                  "            in scope setContext\n") == 0);
  CHECK(diffMarkdown(comparison, "sample")
            .find("### sample: worse than before\n\n- **new** `LEAK  h3::Event") == 0);
  CHECK(diffMarkdown(comparison, "sample")
            .find("\n| live_bytes_growth | 0 B | 136,000 B |  | exact | worse |\n") != std::string::npos);
  const auto json = diffJson(comparison, "sample");
  CHECK(json["regressed"] == true);
  CHECK(json["new_findings"].size() == 1);
  CHECK(diffText(compare(asBaseline(cleanReport()), cleanReport()), "sample") ==
        "sample: no regression\nNo metric changed.\n");
}

TEST_CASE("a diff names a spread as one") {
  const auto comparison =
      compare(asBaseline(allocating(136.27, Spread{6, 136.27, 136.31}, 0)), allocating(137.29, {}, 0));
  CHECK(diffMarkdown(comparison, "sample")
            .find("| allocations_per_request | 136.27 to 136.31 blocks in 6 runs | 137.29 blocks | +0.7 % | "
                  "spread | "
                  "worse |\n") != std::string::npos);
  const auto json = diffJson(comparison, "sample");
  const auto& metric = json["metrics"][4];
  CHECK(metric["name"] == "allocations_per_request");
  CHECK(metric["kind"] == "spread");
  CHECK(metric["before_spread"]["high"] == 136.31);
  CHECK_FALSE(metric.contains("after_spread"));
}
