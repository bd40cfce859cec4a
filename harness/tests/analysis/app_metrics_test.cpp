#include "analysis/app_metrics.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "metric_value.hpp"

using namespace leakgate;

TEST_CASE("the target's own counters, over the measured window") {
  const std::map<std::string, double> warm{{"event_pool.acquired", 1000}, {"event_pool.reused", 900},
                                           {"route_cache.hits", 10},      {"route_cache.misses", 10},
                                           {"latency.sum_ns", 5},         {"load", 0.5}};
  const std::map<std::string, double> last{{"event_pool.acquired", 11000},
                                           {"event_pool.reused", 10899},
                                           {"route_cache.hits", 110},
                                           {"route_cache.misses", 10},
                                           {"latency.sum_ns", 95},
                                           {"load", 0.75},
                                           {"late.hits", 0},
                                           {"late.misses", 0}};
  const auto metrics = appMetrics(
      warm, last, {{"route_cache.hit_ratio", Budget{1, {}}}, {"app.route_cache.misses", Budget{0, 0}}});
  CHECK(valueOf(metrics, "event_pool.reuse_ratio") == 0.9999);
  CHECK(valueOf(metrics, "route_cache.hit_ratio") == 1);
  CHECK(valueOf(metrics, "app.route_cache.hits") == 100);
  CHECK(findMetric(metrics, "late.hit_ratio") == nullptr);  // nothing was asked for
  CHECK(findMetric(metrics, "app.load") == nullptr);        // not a count
  // Relied on by a budget, or else the target's own affair.
  CHECK(toString(findMetric(metrics, "route_cache.hit_ratio")->kind) == "exact");
  CHECK(toString(findMetric(metrics, "event_pool.reuse_ratio")->kind) == "sampled");
  CHECK(toString(findMetric(metrics, "app.event_pool.reused")->kind) == "sampled");
  CHECK(toString(findMetric(metrics, "app.route_cache.misses")->kind) == "exact");
  CHECK(toString(findMetric(metrics, "route_cache.hit_ratio")->direction) == "higher");
}
