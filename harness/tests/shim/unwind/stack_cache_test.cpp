// The verified cache: what it takes for a known stack, and what it must not.
#include "shim/unwind/stack_cache.hpp"

#include <doctest/doctest.h>

#include "shim/unwind/unwind_rules.hpp"

using namespace leakgate::shim;

namespace {

struct Lookup {
  uint32_t id;
  bool walked;
};

StackCache& cache() {
  prepareRules();
  static StackCache* const made = StackCache::make();
  return *made;
}

uint32_t gLastId = 0;
uint64_t gAttributes = 0;
uint32_t gResolved = 0;
Lookup gLookup;

[[gnu::noinline]] void ask() {
  const CallerFrame from = LEAKGATE_HOOK_FRAME.caller();
  gLookup.walked = false;
  gLookup.id = cache().siteOf(
      from, 64, gAttributes,
      [](const WalkLog&) {
        gLookup.walked = true;
        return ++gLastId;
      },
      [](uint32_t id) {
        ++gResolved;
        return id + static_cast<uint32_t>(gAttributes) * 1000000;
      });
}

#define NOIPA [[gnu::noinline, gnu::noipa]]

NOIPA void middle() {
  ask();
  asm volatile("");
}
NOIPA void oneWay() {
  middle();
  asm volatile("" : : "r"(1));
}
NOIPA void otherWay() {
  middle();
  asm volatile("" : : "r"(2));
}
NOIPA void deep(unsigned depth) {
  if (depth > 0) {
    deep(depth - 1);
  } else {
    ask();
  }
  asm volatile("");
}

NOIPA void oneWayDown(unsigned depth) {
  deep(depth);
  asm volatile("" : : "r"(1));
}
NOIPA void otherWayDown(unsigned depth) {
  deep(depth);
  asm volatile("" : : "r"(2));
}

// Each number of bytes puts the same stack elsewhere.
NOIPA void twiceBelow(unsigned bytes) {
  auto* room = static_cast<volatile char*>(__builtin_alloca(bytes));
  room[0] = 1;
  Lookup lookups[2];
  for (Lookup& lookup : lookups) {
    deep(70);
    lookup = gLookup;
  }
  REQUIRE(lookups[1].id == lookups[0].id);
  REQUIRE_FALSE(lookups[1].walked);
}

// From one place, so that what it calls begins at one stack pointer.
Lookup lookUp(void (*function)()) {
  function();
  return gLookup;
}
Lookup lookUpAt(unsigned depth) {
  deep(depth);
  return gLookup;
}

}  // namespace

TEST_CASE("a stack is walked once") {
  uint32_t ids[3];
  bool walked[3];
  for (int i = 0; i < 3; ++i) {
    const Lookup lookup = lookUp(oneWay);
    ids[i] = lookup.id;
    walked[i] = lookup.walked;
  }
  CHECK(walked[0]);
  CHECK_FALSE(walked[1]);
  CHECK_FALSE(walked[2]);
  CHECK(ids[1] == ids[0]);
  CHECK(ids[2] == ids[0]);
}

TEST_CASE("stacks that differ further out have ids of their own, though sp and pc are the same") {
  Lookup lookups[4];
  void (*const ways[])() = {oneWay, otherWay, oneWay, otherWay};
  for (int i = 0; i < 4; ++i) lookups[i] = lookUp(ways[i]);
  CHECK(lookups[0].id != lookups[1].id);
  CHECK(lookups[2].id == lookups[0].id);
  CHECK(lookups[3].id == lookups[1].id);
  CHECK_FALSE(lookups[3].walked);
}

TEST_CASE("one return address that differs, however far out") {
  void (*const ways[])(unsigned) = {oneWayDown, otherWayDown, oneWayDown, otherWayDown};
  for (unsigned depth = 0; depth < 55; ++depth) {
    CAPTURE(depth);
    Lookup lookups[4];
    for (int i = 0; i < 4; ++i) {
      ways[i](depth);
      lookups[i] = gLookup;
    }
    CHECK(lookups[0].id != lookups[1].id);
    CHECK(lookups[2].id == lookups[0].id);
    CHECK(lookups[3].id == lookups[1].id);
    CHECK_FALSE(lookups[3].walked);
  }
}

TEST_CASE("every depth of a recursion") {
  uint32_t ids[60];
  for (int round = 0; round < 3; ++round) {
    for (unsigned depth = 0; depth < 60; ++depth) {
      const Lookup lookup = lookUpAt(depth);
      if (round == 0) ids[depth] = lookup.id;
      CHECK(lookup.id == ids[depth]);
      CHECK(lookup.walked == (round == 0));
    }
  }
}

TEST_CASE("forgotten with the code") {
  void (*const before[])() = {[] {}, [] {},
                              [] { __atomic_fetch_add(&gStacksForgotten, 1, __ATOMIC_RELAXED); }};
  Lookup lookups[3];
  for (int i = 0; i < 3; ++i) {
    before[i]();
    lookups[i] = lookUp(oneWay);
  }
  CHECK_FALSE(lookups[1].walked);
  CHECK(lookups[2].walked);
  CHECK(lookups[2].id != lookups[1].id);
}

TEST_CASE("unloading nothing forgets nothing") {
  const uint32_t before = gStacksForgotten;
  forgetUnloadedStacks();
  CHECK(gStacksForgotten == before);
}

TEST_CASE("more stacks than the ring holds: the ids stay right") {
  // 64 frames take 768 bytes: 3,000 such stacks go round the ring of 1 MiB twice.
  for (unsigned round = 0; round < 2; ++round) {
    const uint32_t before = gLastId;
    for (unsigned i = 1; i <= 3000; ++i) twiceBelow(i * 64);
    CHECK(gLastId == before + 3000);  // the first ones are gone when they come again
  }
}

TEST_CASE("a stack's site is looked up when the attributes change") {
  const uint64_t attributes[] = {1, 1, 2, 2, 1};
  const bool asked[] = {true, false, true, false, true};
  uint32_t stack = 0;
  for (int i = 0; i < 5; ++i) {
    gAttributes = attributes[i];
    const uint32_t before = gResolved;
    const Lookup lookup = lookUp(otherWay);
    if (i == 0) stack = lookup.id - 1000000;
    CHECK(lookup.id == stack + attributes[i] * 1000000);
    CHECK((gResolved > before) == asked[i]);
  }
  gAttributes = 0;
}

TEST_CASE("a handler that comes while the cache is in use gets no stack") {
  bool walked = false;
  uint32_t id = 1;
  const auto same = [](uint32_t stack) { return stack; };
  const auto inner = [&](const WalkLog&) {
    walked = true;
    return 1u;
  };
  const auto outer = [&](const WalkLog&) {
    id = cache().siteOf({reinterpret_cast<uint64_t>(&ask), 64, 0}, 8, 0, inner, same);
    return 0u;
  };
  CHECK(cache().siteOf({1, 8, 0}, 8, 0, outer, same) == 0);
  CHECK(id == 0);
  CHECK_FALSE(walked);
}
