#include <doctest/doctest.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "h3http/session_store.hpp"
#include "security/sha256.hpp"

using h3::MemorySessionStore;
using h3::SessionKey;

namespace {

std::int64_t storeTime = 1'800'000'000;

h3::MemorySessionStoreOptions smallStore() {
  return {.maxEntries = 160, .maxBytes = 1024 * 1024, .nowSeconds = [] { return storeTime; }};
}

SessionKey keyOf(int number) { return h3::security::sha256({std::to_string(number)}); }

std::string loaded(MemorySessionStore& store, int number, std::uint32_t ttlSeconds = 60) {
  h3::Arena arena;
  return std::string(store.load(keyOf(number), ttlSeconds, arena).value_or("(none)"));
}

}  // namespace

TEST_CASE("records are created, replaced and erased") {
  MemorySessionStore store(smallStore());
  CHECK(loaded(store, 1) == "(none)");
  store.create(keyOf(1), "first", 60);
  CHECK(loaded(store, 1) == "first");
  CHECK(loaded(store, 2) == "(none)");
  CHECK(store.replace(keyOf(1), std::string(1000, 'x'), 60));
  CHECK(loaded(store, 1) == std::string(1000, 'x'));
  CHECK(store.stats().bytes == 4 * 256);
  store.erase(keyOf(1));
  store.erase(keyOf(1));
  CHECK(loaded(store, 1) == "(none)");
  CHECK(store.stats().entries == 0);
  CHECK(store.stats().bytes == 0);
}

TEST_CASE("a record that is gone is not brought back") {
  MemorySessionStore store(smallStore());
  CHECK_FALSE(store.replace(keyOf(1), "back again", 60));
  CHECK(loaded(store, 1) == "(none)");
  store.create(keyOf(1), "x", 60);
  storeTime += 60;
  CHECK_FALSE(store.replace(keyOf(1), "back again", 60));
  CHECK(loaded(store, 1) == "(none)");
}

TEST_CASE("a record lives for its time after the last use") {
  MemorySessionStore store(smallStore());
  store.create(keyOf(1), "x", 60);
  for (int i = 0; i < 3; ++i) {
    storeTime += 59;
    CHECK(loaded(store, 1) == "x");
  }
  storeTime += 60;
  CHECK(loaded(store, 1) == "(none)");
  CHECK(store.stats().expirations == 1);
}

TEST_CASE("a hundred times more clients than places: the bounds hold, the least recently used make way") {
  MemorySessionStore store(smallStore());
  store.create(keyOf(0), "in use", 60);
  for (int i = 1; i <= 16'000; ++i) {
    store.create(keyOf(i), std::string(300, 'r'), 60);
    REQUIRE(loaded(store, 0) == "in use");
    REQUIRE(store.stats().entries <= 160);
  }
  CHECK(store.stats().entries == 160);
  CHECK(loaded(store, 16'000) == std::string(300, 'r'));
  CHECK(loaded(store, 1) == "(none)");
  CHECK(store.stats().evictions == 16'001 - 160 - 0);
}

TEST_CASE("the bound of bytes holds, too") {
  h3::MemorySessionStoreOptions options = smallStore();
  options.maxEntries = 160'000;
  MemorySessionStore store(options);
  for (int i = 0; i < 2'000; ++i) {
    store.create(keyOf(i), std::string(5'000, 'r'), 60);
    REQUIRE(store.stats().bytes <= 1024 * 1024);
  }
  CHECK(store.stats().bytes > 900 * 1024);
  CHECK_THROWS_AS(store.create(keyOf(1), std::string(70'000, 'r'), 60), std::length_error);
}

TEST_CASE("what has expired makes way before what has not") {
  MemorySessionStore store(smallStore());
  for (int i = 0; i < 2'000; ++i) store.create(keyOf(i), "x", 60);
  const auto evictions = store.stats().evictions;
  storeTime += 60;
  for (int i = 5'000; i < 5'100; ++i) store.create(keyOf(i), "x", 60);
  CHECK(store.stats().evictions == evictions);
  CHECK(store.stats().expirations >= 100);
}

TEST_CASE("a full store allocates nothing") {
  MemorySessionStore store(smallStore());
  h3::Arena arena;
  std::vector<SessionKey> keys;
  keys.reserve(2'000);
  for (int i = 0; i < 2'000; ++i) keys.push_back(keyOf(i));
  const std::string record(700, 'r');
  const auto use = [&] {
    for (const SessionKey& key : keys) {
      arena.reset();
      store.create(key, record, 60);
      store.replace(key, record, 60);
      (void)store.load(key, 60, arena);
    }
  };
  use();
  const h3::test::AllocationCounter counter;
  use();
  CHECK(counter.count() == 0);
}

TEST_CASE("threads share it") {
  MemorySessionStore store(smallStore());
  const auto work = [&store](int from) {
    for (int i = 0; i < 2'000; ++i) {
      store.create(keyOf(from + i % 100), "mine", 60);
      (void)loaded(store, i % 200);
      store.erase(keyOf(from + (i + 50) % 100));
    }
  };
  std::thread other(work, 0);
  work(50);
  other.join();
  CHECK(store.stats().entries <= 160);
}

TEST_CASE("bounds that cannot be used are refused") {
  CHECK_THROWS_AS(MemorySessionStore({.maxEntries = 15}), std::invalid_argument);
  CHECK_THROWS_AS(MemorySessionStore({.maxBytes = 1024 * 1024 - 1}), std::invalid_argument);
  CHECK_NOTHROW(MemorySessionStore({.maxEntries = 16, .maxBytes = 1024 * 1024}));
}
