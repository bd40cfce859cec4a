// The upkeep that is right: what the clean twins do. Under AddressSanitizer this also shows that nothing is
// freed twice, used after it was freed, or lost.
#include "event/event.hpp"

#include <doctest/doctest.h>

#include <string>

namespace specimen::upkeep {

void afterOverwrite(StringMap::Displaced displaced) {
  release(displaced.key);
  release(displaced.value);
}

void beforeClear(StringMap& map) { releaseAll(map); }

}  // namespace specimen::upkeep

namespace {

specimen::RawString copyOf(std::string_view text) { return specimen::copyTo(new char[text.size()], text); }

}  // namespace

TEST_CASE("an event keeps copies, and the last value of a key") {
  specimen::Event event;
  std::string value = "first";
  event.setContext("user", value);
  value = "other";
  CHECK(event.context("user") == "first");
  event.setContext("user", "second");
  event.setParam("user", "7");
  CHECK(event.context("user") == "second");
  CHECK(event.param("user") == "7");
  CHECK(event.context("missing") == "");
}

TEST_CASE("a pooled event comes back empty") {
  specimen::EventPool pool;
  auto event = pool.acquire();
  const auto* first = event.get();
  event->setContext("user", "anna");
  event->setParam("id", "7");
  pool.release(std::move(event));
  event = pool.acquire();
  CHECK(event.get() == first);
  CHECK(event->context("user") == "");
  CHECK(event->param("id") == "");
}

TEST_CASE("overwriting displaces the new key and the old value, as in Zig's map") {
  specimen::StringMap map;
  const auto key = copyOf("user");
  const auto value = copyOf("anna");
  CHECK(map.put(key, value).key.data == nullptr);
  auto displaced = map.put(copyOf("user"), copyOf("bert"));
  CHECK(displaced.key.data != key.data);
  CHECK(displaced.value.data == value.data);
  CHECK(map.entries().front().key.data == key.data);
  release(displaced.key);
  release(displaced.value);
  specimen::releaseAll(map);
}
