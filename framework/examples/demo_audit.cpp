#include "demo_audit.hpp"

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "h3http/event_pool.hpp"
#include "h3http/memory_manager.hpp"

namespace demo {
namespace {

using h3::Event;

constexpr std::size_t kRoutes = 1000;
constexpr std::size_t kLargestValueBytes = 512;

/// The decimal digits of a number, without heap.
class Digits {
 public:
  explicit Digits(std::size_t number)
      : end_(std::to_chars(text_.data(), text_.data() + text_.size(), number).ptr) {}
  std::string_view view() const { return {text_.data(), static_cast<std::size_t>(end_ - text_.data())}; }

 private:
  std::array<char, 20> text_;
  char* end_;
};

void cyclePool(Event& event) {
  const h3::PooledEvent inner(event.eventPool());
  inner->setContext("user", "42");
  inner->setContext("session", "abcdef");
  inner->setParam("id", "7");
  inner->setParam("name", "pool");
  event.sendText(*inner->getContext("user"));
}

void holdFive(Event& event) {
  std::array<h3::PooledEvent, 5> held{h3::PooledEvent(event.eventPool()), h3::PooledEvent(event.eventPool()),
                                      h3::PooledEvent(event.eventPool()), h3::PooledEvent(event.eventPool()),
                                      h3::PooledEvent(event.eventPool())};
  for (std::size_t i = 0; i < held.size(); ++i) held[i]->setContext("number", Digits(i).view());
  event.sendJson({{"held", held.size()}, {"health", h3::toString(event.memory().health().level)}});
}

void overwriteSame(Event& event) {
  for (std::size_t i = 0; i < 10; ++i) event.setContext("key", Digits(i).view());
  event.sendText(*event.getContext("key"));
}

void growValue(Event& event) {
  static const std::string text(kLargestValueBytes, 'v');
  for (std::size_t bytes = 1; bytes <= text.size(); ++bytes)
    event.setContext("key", std::string_view(text).substr(0, bytes));
  event.sendText(Digits(event.getContext("key")->size()).view());
}

void setTenKeys(Event& event) {
  static constexpr std::array<std::string_view, 10> kKeys = {"zero", "one", "two",   "three", "four",
                                                             "five", "six", "seven", "eight", "nine"};
  for (const std::string_view key : kKeys) event.setContext(key, key);
  event.sendText(*event.getContext("nine"));
}

void setManyTimes(Event& event) {
  for (std::size_t i = 0; i < 1000; ++i) event.setContext("key", Digits(i).view());
  event.sendText(*event.getContext("key"));
}

void addOnion(h3::App& app) {
  auto route = app.get("/audit/onion", [](Event& event) { event.sendText(*event.getContext("depth")); });
  for (std::size_t depth = 1; depth <= 5; ++depth) {
    route.use([depth](Event& event, h3::Next& next) {
      event.setContext("depth", Digits(depth).view());
      next();
      event.appendHeader("X-Layer", Digits(depth).view());
    });
  }
}

}  // namespace

void addAuditRoutes(h3::App& app) {
  app.get("/audit/pool", cyclePool);
  app.get("/audit/memory", holdFive);
  for (std::size_t number = 0; number < kRoutes; ++number)
    app.get("/audit/routes/" + std::to_string(number),
            [number](Event& event) { event.sendText(Digits(number).view()); });
  app.get("/audit/context/same", overwriteSame);
  app.get("/audit/context/grow", growValue);
  app.get("/audit/context/ten", setTenKeys);
  app.get("/audit/context/many", setManyTimes);
  addOnion(app);
}

}  // namespace demo
