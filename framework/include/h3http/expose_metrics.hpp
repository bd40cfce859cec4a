// Serves the server's numbers over HTTP.
#pragma once

#include <string_view>

#include "h3http/app.hpp"

namespace h3 {

/// Serves the monitor at these paths of the app: OpenMetrics text, and JSON ("" leaves one out).
void exposeMetrics(App& app, std::string_view metricsPath = "/metrics",
                   std::string_view jsonPath = "/metrics.json");

}  // namespace h3
