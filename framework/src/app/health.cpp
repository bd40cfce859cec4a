#include "h3http/health.hpp"

#include <atomic>
#include <string_view>
#include <utility>

#include "app/event_state.hpp"

namespace h3 {
namespace {

constexpr std::string_view kHealthType = "text/plain; charset=utf-8";

void sendHealth(Event& event, int status, std::string_view text) {
  event.setStatus(status);
  event.setHeader("Cache-Control", "no-store");
  event.sendView(text, kHealthType);
}

bool isStopping(Event& event) {
  const std::atomic<bool>* const stopping = EventState::of(event).services.stopping;
  return stopping != nullptr && stopping->load(std::memory_order_relaxed);
}

bool asksReady(const std::function<bool()>& isReady) {
  try {
    return !isReady || isReady();
  } catch (...) {
    return false;
  }
}

}  // namespace

void healthEndpoints(App& app, HealthOptions options) {
  if (!options.livePath.empty())
    app.get(options.livePath, [](Event& event) { sendHealth(event, 200, "live"); }).hidden();
  if (options.readyPath.empty()) return;
  app.get(options.readyPath,
          [isReady = std::move(options.isReady)](Event& event) {
            if (isStopping(event)) return sendHealth(event, 503, "stopping");
            if (!asksReady(isReady)) return sendHealth(event, 503, "not ready");
            sendHealth(event, 200, "ready");
          })
      .hidden();
}

}  // namespace h3
