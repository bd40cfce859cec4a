// Walks that cannot continue must end there, with the reason.
#include "shim/unwind/stack_walk.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <initializer_list>

#include "odd_frames.hpp"
#include "shim/unwind/unwind_rules.hpp"

using namespace leakgate::shim;

namespace {

WalkLog gLog;
CallerFrame gFrom;
ReadableRange gReadable;

// Its caller is the first frame.
[[gnu::noinline]] void walkHere(uint32_t frameLimit) {
  prepareRules();
  gFrom = LEAKGATE_HOOK_FRAME.caller();
  walkStack(gFrom, frameLimit, gReadable, gLog);
}

[[gnu::noinline, gnu::noipa]] void walkAll() {
  walkHere(kFrameCapacity);
  asm volatile("");
}

[[gnu::noinline, gnu::noipa]] void nested(unsigned depth) {
  if (depth > 0) {
    nested(depth - 1);
  } else {
    walkHere(kFrameCapacity);
  }
  asm volatile("");
}

}  // namespace

TEST_CASE("a whole stack ends where the thread began") {
  nested(0);
  CHECK((gLog.end == WalkEnd::outermost));
  const uint32_t frames = gLog.frameCount;
  nested(10);
  CHECK((gLog.end == WalkEnd::outermost));
  CHECK(gLog.frameCount == frames + 10);
  CHECK(gLog.isNear);
}

TEST_CASE("the limit is in frames, and the innermost stay") {
  for (const uint32_t limit : {1u, 2u, 7u, kFrameCapacity}) {
    walkHere(limit);
    CHECK(gLog.frameCount <= limit);
    uint64_t frames[kFrameCapacity];
    CHECK(copyFrames(gFrom, gLog, frames, kFrameCapacity) == gLog.frameCount);
    CHECK(frames[0] == gFrom.pc);
    CHECK(copyFrames(gFrom, gLog, frames, 1) == 1);
    CHECK(copyFrames(gFrom, gLog, frames, 0) == 0);
  }
  nested(400);
  CHECK((gLog.end == WalkEnd::frameLimit));
  CHECK(gLog.frameCount == kFrameCapacity);
}

TEST_CASE("code without rows cuts the stack") {
  callWithoutRows(walkAll);
  CHECK((gLog.end == WalkEnd::noRule));
  CHECK(gLog.frameCount == 2);
}

TEST_CASE("rows that lead out of the stack do not crash") {
  // The room is mapped and forbidden, whatever lies there otherwise.
  callWithWildRows(walkAll);
  CHECK((gLog.end == WalkEnd::unreadable || gLog.end == WalkEnd::noRule || gLog.end == WalkEnd::outermost));
  CHECK(gLog.frameCount <= 3);
}

TEST_CASE("a function marked as having no caller ends the stack") {
  callWithoutCaller(walkAll);
  CHECK((gLog.end == WalkEnd::outermost));
  CHECK(gLog.frameCount == 2);
}

TEST_CASE("the stub's rule is taken by the place in it") {
  callFromStub(walkAll);
  CHECK((gLog.end == WalkEnd::outermost));
  CHECK(gLog.frameCount > 3);
}

TEST_CASE("memory is checked before it is read") {
  auto* pages = static_cast<char*>(mmap(nullptr, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  REQUIRE(pages != MAP_FAILED);
  mprotect(pages + 4096, 4096, PROT_NONE);
  const auto start = reinterpret_cast<uint64_t>(pages);
  ReadableRange range;
  CHECK(range.holds(start + 8));
  CHECK(range.holds(start + 4088));
  CHECK_FALSE(range.holds(start + 4096));
  CHECK_FALSE(range.holds(start + 8184));
  CHECK_FALSE(range.holds(8));
  CHECK_FALSE(range.holds(~uint64_t{7}));
  CHECK(range.holds(start + 8));
  munmap(pages, 3 * 4096);
}
