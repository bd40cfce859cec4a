// The verified cache: what it takes for a known stack, and what it must not.
#include "shim/unwind/stack_cache.hpp"

#include <doctest/doctest.h>

#include "shim/unwind/unwind_rules.hpp"

using namespace leakgate::shim;

namespace {

struct Answer {
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
Answer gAnswer;

[[gnu::noinline]] void ask() {
  const CallerFrame from = LEAKGATE_HOOK_FRAME.caller();
  gAnswer.walked = false;
  gAnswer.id = cache().siteOf(
      from, 64, gAttributes,
      [](const WalkLog&) {
        gAnswer.walked = true;
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
  Answer answers[2];
  for (Answer& answer : answers) {
    deep(70);
    answer = gAnswer;
  }
  REQUIRE(answers[1].id == answers[0].id);
  REQUIRE_FALSE(answers[1].walked);
}

// From one place, so that what it calls begins at one stack pointer.
Answer answerOf(void (*function)()) {
  function();
  return gAnswer;
}
Answer answerAt(unsigned depth) {
  deep(depth);
  return gAnswer;
}

}  // namespace

TEST_CASE("a stack is walked once") {
  uint32_t ids[3];
  bool walked[3];
  for (int i = 0; i < 3; ++i) {
    const Answer answer = answerOf(oneWay);
    ids[i] = answer.id;
    walked[i] = answer.walked;
  }
  CHECK(walked[0]);
  CHECK_FALSE(walked[1]);
  CHECK_FALSE(walked[2]);
  CHECK(ids[1] == ids[0]);
  CHECK(ids[2] == ids[0]);
}

TEST_CASE("stacks that differ further out have ids of their own, though sp and pc are the same") {
  Answer answers[4];
  void (*const ways[])() = {oneWay, otherWay, oneWay, otherWay};
  for (int i = 0; i < 4; ++i) answers[i] = answerOf(ways[i]);
  CHECK(answers[0].id != answers[1].id);
  CHECK(answers[2].id == answers[0].id);
  CHECK(answers[3].id == answers[1].id);
  CHECK_FALSE(answers[3].walked);
}

TEST_CASE("one return address that differs, however far out") {
  void (*const ways[])(unsigned) = {oneWayDown, otherWayDown, oneWayDown, otherWayDown};
  for (unsigned depth = 0; depth < 55; ++depth) {
    CAPTURE(depth);
    Answer answers[4];
    for (int i = 0; i < 4; ++i) {
      ways[i](depth);
      answers[i] = gAnswer;
    }
    CHECK(answers[0].id != answers[1].id);
    CHECK(answers[2].id == answers[0].id);
    CHECK(answers[3].id == answers[1].id);
    CHECK_FALSE(answers[3].walked);
  }
}

TEST_CASE("every depth of a recursion") {
  uint32_t ids[60];
  for (int round = 0; round < 3; ++round) {
    for (unsigned depth = 0; depth < 60; ++depth) {
      const Answer answer = answerAt(depth);
      if (round == 0) ids[depth] = answer.id;
      CHECK(answer.id == ids[depth]);
      CHECK(answer.walked == (round == 0));
    }
  }
}

TEST_CASE("forgotten with the code") {
  void (*const before[])() = {[] {}, [] {},
                              [] { __atomic_fetch_add(&gStacksForgotten, 1, __ATOMIC_RELAXED); }};
  Answer answers[3];
  for (int i = 0; i < 3; ++i) {
    before[i]();
    answers[i] = answerOf(oneWay);
  }
  CHECK_FALSE(answers[1].walked);
  CHECK(answers[2].walked);
  CHECK(answers[2].id != answers[1].id);
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
    const Answer answer = answerOf(otherWay);
    if (i == 0) stack = answer.id - 1000000;
    CHECK(answer.id == stack + attributes[i] * 1000000);
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
