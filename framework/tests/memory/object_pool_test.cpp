#include "h3http/detail/object_pool.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

#include "allocation_counter.hpp"

using h3::ObjectPool;
using h3::test::AllocationCounter;

namespace {

struct Counted {
  static inline int alive = 0;
  Counted() { ++alive; }
  ~Counted() { --alive; }
};

ObjectPool<Counted>::Factory countedFactory() {
  return [] { return std::make_unique<Counted>(); };
}

}  // namespace

TEST_CASE("the prefill is constructed first and lent without allocating") {
  {
    ObjectPool<Counted> pool(3, 8, countedFactory());
    CHECK(Counted::alive == 3);
    AllocationCounter warm;
    Counted* const a = pool.acquire();
    Counted* const b = pool.acquire();
    pool.release(a);
    CHECK(pool.acquire() == a);
    pool.release(a);
    pool.release(b);
    CHECK(pool.acquire() == b);
    pool.release(b);
    CHECK(warm.count() == 0);
  }
  CHECK(Counted::alive == 0);
}

TEST_CASE("counts") {
  ObjectPool<Counted> pool(1, 2, countedFactory());
  CHECK(pool.reuseRatio() == 1.0);
  std::vector<Counted*> lent;
  for (int i = 0; i < 4; ++i) lent.push_back(pool.acquire());
  auto stats = pool.stats();
  CHECK(stats.acquired == 4);
  CHECK(stats.reused == 1);
  CHECK(stats.created == 4);
  CHECK(stats.inUse == 4);
  CHECK(stats.free == 0);
  CHECK(stats.peakInUse == 4);
  CHECK(pool.reuseRatio() == 0.25);

  for (Counted* object : lent) pool.release(object);
  pool.release(nullptr);
  stats = pool.stats();
  CHECK(stats.inUse == 0);
  CHECK(stats.free == 2);
  CHECK(stats.destroyed == 2);
  CHECK(stats.peakInUse == 4);
  CHECK(Counted::alive == 2);
}

TEST_CASE("trim keeps the given number") {
  ObjectPool<Counted> pool(4, 4, countedFactory());
  pool.trim(5);
  CHECK(pool.stats().free == 4);
  pool.trim(1);
  CHECK(pool.stats().free == 1);
  CHECK(pool.stats().destroyed == 3);
  pool.trim(0);
  CHECK(Counted::alive == 0);
}

TEST_CASE("no retention, and a prefill over it") {
  ObjectPool<Counted> none(0, 0, countedFactory());
  none.release(none.acquire());
  CHECK(none.stats().destroyed == 1);
  ObjectPool<Counted> prefilled(3, 1, countedFactory());
  CHECK(prefilled.stats().free == 3);
}

TEST_CASE("a factory that throws leaves the counts right") {
  int calls = 0;
  ObjectPool<Counted> pool(0, 4, [&calls]() -> std::unique_ptr<Counted> {
    if (++calls == 1) throw std::runtime_error("no more");
    return std::make_unique<Counted>();
  });
  CHECK_THROWS_AS(pool.acquire(), std::runtime_error);
  CHECK(pool.stats().acquired == 0);
  CHECK(pool.stats().inUse == 0);
  pool.release(pool.acquire());
  CHECK(pool.stats().created == 1);
}
