// A server that gets worse on purpose, to see how the built-in monitor reports it: after 15 s /work takes
// 10 % longer, and /leak keeps 64 bytes of each request. Put it under load and read its standard error:
//
//     h3-drifting & wrk -c 4 -d 40 http://127.0.0.1:8080/work
//     curl http://127.0.0.1:8080/metrics.json
#include <array>
#include <chrono>
#include <cstdio>
#include <forward_list>
#include <h3http/h3.hpp>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

void work(std::chrono::microseconds time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) continue;
}

}  // namespace

int main() {
  const auto start = Clock::now();
  std::forward_list<std::array<char, 56>> leaked;  // grows; one worker only, so no lock

  h3::App app;
  app.get("/work", [start](h3::Event& event) {
    work(std::chrono::microseconds(Clock::now() - start < std::chrono::seconds(15) ? 200 : 220));
    event.sendView("done", "text/plain");
  });
  app.get("/leak", [&leaked](h3::Event& event) {
    leaked.emplace_front();
    event.sendView("kept", "text/plain");
  });
  h3::exposeMetrics(app);

  h3::Config config = h3::Config::production();
  // On the monitor's thread: here one would notify an operator, or take the instance out of the balancer.
  config.monitor.onDrift = [](const h3::Drift& drift) {
    std::fprintf(stderr, "hook: %s of \"%s\" by %+.1f %%\n", std::string(toString(drift.kind)).c_str(),
                 std::string(drift.route).c_str(), 100 * drift.change);
  };
  return h3::run(app, config);
}
