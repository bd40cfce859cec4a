#include "monitor/metric_table.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "../support/pattern.hpp"

using namespace h3::test;

namespace {

std::string seriesName(const h3::MetricName& metric) {
  return "h3_" + std::string(metric.group) + "_" + std::string(metric.name);
}

}  // namespace

TEST_CASE("names are unique and of OpenMetrics' alphabet; groups are not split") {
  std::set<std::string> names;
  std::set<std::string_view> groups;
  std::string_view group;
  for (const h3::MetricName& metric : h3::kMetricNames) {
    CAPTURE(seriesName(metric));
    CHECK(names.insert(seriesName(metric)).second);
    CHECK(matches(seriesName(metric), "[a-z][a-z0-9_]*"));
    CHECK_FALSE(metric.name.ends_with("_total"));
    CHECK_FALSE(metric.help.empty());
    if (metric.group == group) continue;
    group = metric.group;
    CHECK(groups.insert(group).second);
  }
}
