// Endpoints that tell an orchestrator how the server is.
#pragma once

#include <functional>
#include <string>

#include "h3http/app.hpp"

namespace h3 {

struct HealthOptions {
  std::string livePath = "/livez";  ///< 200 as long as the worker responds at all; "": none
  std::string readyPath =
      "/readyz";  ///< 200, or 503 while the server is about to end or isReady() is false; "": none
  /// Whether the program's own part is ready: a cached state, since it runs on the worker's loop and must not block. All
  /// workers call it. One that throws is not ready.
  std::function<bool()> isReady = {};
};

/// Adds both as GET routes; their responses are not to be cached.
///
/// From SIGTERM on readyPath responds with 503. With TimeoutConfig::unreadyMs the server goes on for that time, so that
/// balancers stop sending clients before it stops accepting them. Allocates: nothing on the heap.
void healthEndpoints(App& app, HealthOptions options = {});

}  // namespace h3
