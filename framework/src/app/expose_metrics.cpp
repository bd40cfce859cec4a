#include "h3http/expose_metrics.hpp"

#include "app/event_state.hpp"
#include "h3http/monitor.hpp"

namespace h3 {
namespace {

// The monitor, with the numbers of the event's worker as they are now.
const Monitor& publishedMonitor(Event& event) {
  WorkerServices& services = EventState::of(event).services;
  services.publish();
  return services.monitor;
}

}  // namespace

void exposeMetrics(App& app, std::string_view metricsPath, std::string_view jsonPath) {
  if (!metricsPath.empty()) {
    app.get(metricsPath,
            [](Event& event) {
              event.sendView(publishedMonitor(event).openMetrics(event.arena()), Monitor::kOpenMetricsType);
            })
        .hidden();
  }
  if (jsonPath.empty()) return;
  app.get(jsonPath,
          [](Event& event) {
            event.sendView(publishedMonitor(event).json(event.arena()), "application/json");
          })
      .hidden();
}

}  // namespace h3
