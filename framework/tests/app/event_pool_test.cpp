#include "h3http/event_pool.hpp"

#include <doctest/doctest.h>

#include <string>

#include "../memory/allocation_counter.hpp"
#include "app/worker_services.hpp"
#include "monitor/monitor_state.hpp"

TEST_CASE("a reused event is empty, and warm use costs no heap") {
  h3::Config config = h3::Config::testing();
  h3::Monitor monitor;
  h3::WorkerServices services(config, monitor, h3::MonitorState::of(monitor).addWorker());
  const auto use = [&] {
    const h3::PooledEvent event(services.events);
    CHECK_FALSE(event->getContext("user").has_value());
    CHECK_FALSE(event->getParam("id").has_value());
    CHECK_FALSE(event->responseHeader("X-A").has_value());
    for (int i = 0; i < 10; ++i) event->setContext("user", "a value that is longer than a small string is");
    for (const std::string key : {"b", "c", "d", "e", "f", "g", "h", "i", "j", "k"})
      event->setContext(key, key);
    event->setParam("id", "42");
    event->setHeader("X-A", "b");
    event->sendJson({{"message", "hello"}, {"count", 3}});
  };
  use();
  const std::uint64_t created = services.events.stats().created;
  for (int i = 0; i < 100; ++i) {
    const h3::test::AllocationCounter counter;
    {
      const h3::PooledEvent event(services.events);
      for (int k = 0; k < 10; ++k) event->setContext("user", "a value that is longer than a small string is");
      event->setParam("id", "42");
      event->setHeader("X-A", "b");
      event->sendJson({{"message", "hello"}, {"count", 3}});
    }
    CHECK(counter.count() == 0);
  }
  use();
  CHECK(services.events.stats().created == created);
  CHECK(services.events.stats().inUse == 0);
}
