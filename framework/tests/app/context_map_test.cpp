#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

#include "app/worker_services.hpp"
#include "h3http/event_pool.hpp"
#include "monitor/monitor_state.hpp"

namespace {

// One event of a worker that serves nothing.
struct LoneEvent {
  explicit LoneEvent(h3::Config settings = h3::Config::testing())
      : config(std::move(settings)),
        services(config, monitor, h3::MonitorState::of(monitor).addWorker()),
        event(services.events) {}
  h3::Event* operator->() { return &*event; }

  h3::Config config;
  h3::Monitor monitor;
  h3::WorkerServices services;
  h3::PooledEvent event;
};

std::size_t usedBytes(LoneEvent& event) { return event->arena().usedBytes(); }

}  // namespace

TEST_CASE("context values are what was set last") {
  LoneEvent event;
  CHECK(event->getContext("user") == std::nullopt);
  event->setContext("user", "ann");
  event->setContext("role", "admin");
  CHECK(event->getContext("user") == "ann");
  event->setContext("user", "bo");
  CHECK(event->getContext("user") == "bo");
  event->setContext("user", "christopher-robin-the-third");
  CHECK(event->getContext("user") == "christopher-robin-the-third");
  event->setContext("user", "");
  CHECK(event->getContext("user") == "");
  CHECK(event->getContext("role") == "admin");
  CHECK(event->getContext("User") == std::nullopt);
  event->setContext("", "empty key");
  CHECK(event->getContext("") == "empty key");
  event->setContext("bytes", std::string_view("a\0b", 3));
  CHECK(event->getContext("bytes") == std::string_view("a\0b", 3));
}

TEST_CASE("key and value are copies") {
  LoneEvent event;
  std::string key = "key", value = "value";
  event->setContext(key, value);
  key = value = "gone!";
  CHECK(event->getContext("key") == "value");
}

TEST_CASE("a value may be made of the one it replaces") {
  LoneEvent event;
  event->setContext("a", "0123456789");
  event->setContext("a", event->getContext("a")->substr(3));
  CHECK(event->getContext("a") == "3456789");
  event->setContext("b", "between");
  for (int i = 0; i < 12; ++i) {
    const std::string_view old = *event->getContext("a");
    event->setContext("a", event->arena().copy(std::string(old) + std::string(old)));
  }
  CHECK(event->getContext("a")->size() == std::size_t{7} << 12);
  event->setContext("c", *event->getContext("a"));
  CHECK(event->getContext("c") == event->getContext("a"));
}

TEST_CASE("params and context are two worlds") {
  LoneEvent event;
  event->setParam("id", "1");
  CHECK(event->getParam("id") == "1");
  CHECK(event->getContext("id") == std::nullopt);
  event->setContext("id", "2");
  CHECK(event->getParam("id") == "1");
}

TEST_CASE("one key set a million times holds about twice its largest value") {
  constexpr std::size_t kLargest = 4000;
  constexpr int kSets = 1'000'000;
  const std::string text(kLargest, 'v');
  std::mt19937 random(7);
  std::uniform_int_distribution<std::size_t> anySize(0, kLargest);
  const auto holds = [&](auto sizeOf) {
    LoneEvent event;
    for (int i = 0; i < kSets; ++i) event->setContext("key", std::string_view(text).substr(0, sizeOf(i)));
    return usedBytes(event);
  };
  const std::size_t bound = 2 * kLargest + 1024;  // and the map itself
  CHECK(holds([](int) { return kLargest; }) <= kLargest + 1024);
  CHECK(holds([](int i) { return static_cast<std::size_t>(i) % (kLargest + 1); }) <= bound);
  CHECK(holds([](int i) { return kLargest - static_cast<std::size_t>(i) % kLargest; }) <= bound);
  CHECK(holds([&](int) { return anySize(random); }) <= bound);
}

TEST_CASE("with other keys in between it holds at most four times as much") {
  constexpr std::size_t kLargest = 4097;  // just over a power of two, the worst
  const std::string text(kLargest, 'v');
  LoneEvent event;
  for (std::size_t size = 1; size <= kLargest; ++size) {
    event->setContext("a", std::string_view(text).substr(0, size));
    event->setContext("b", std::string_view(text).substr(0, size));
  }
  CHECK(usedBytes(event) <= 2 * 4 * kLargest + 1024);
}

TEST_CASE("many keys, up to the configured number") {
  h3::Config config = h3::Config::testing();
  config.memory.contextKeys = 1000;
  LoneEvent event(config);
  std::mt19937 random(11);
  std::map<std::string, std::string> expected;
  for (int i = 0; i < 1000; ++i) expected["key-" + std::to_string(i)] = "first";
  for (const auto& [key, value] : expected) event->setContext(key, value);
  for (int i = 0; i < 5000; ++i) {
    const std::string key = "key-" + std::to_string(random() % 1000);
    expected[key] = std::string(random() % 60, static_cast<char>('a' + random() % 26));
    event->setContext(key, expected[key]);
  }
  for (const auto& [key, value] : expected) {
    CAPTURE(key);
    CHECK(event->getContext(key) == value);
  }
  CHECK_THROWS_AS(event->setContext("one more", "x"), std::length_error);
  CHECK(event->getContext("one more") == std::nullopt);
  CHECK_NOTHROW(event->setContext("key-7", "still"));
  CHECK_NOTHROW(event->setParam("one more", "x"));
}

TEST_CASE("around the change from linear to hashed lookup nothing is lost") {
  LoneEvent event;
  for (int last = 0; last < 40; ++last) {
    event->setContext(std::to_string(last), std::to_string(last * 7));
    for (int i = 0; i <= last; ++i) CHECK(event->getContext(std::to_string(i)) == std::to_string(i * 7));
    CHECK(event->getContext(std::to_string(last + 1)) == std::nullopt);
  }
}

TEST_CASE("a value beyond the arena throws and leaves the event usable") {
  LoneEvent event;
  event->setContext("a", "kept");
  const std::string huge(17 * 1024 * 1024, 'x');
  CHECK_THROWS_AS(event->setContext("a", huge), std::bad_alloc);
  CHECK(event->getContext("a") == "kept");
  CHECK_THROWS_AS(event->setContext("new", huge), std::bad_alloc);
  CHECK(event->getContext("new").value_or("").empty());
  event->setContext("b", "works");
  CHECK(event->getContext("b") == "works");
}
