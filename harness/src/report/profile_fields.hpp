// The fields of leakgate.report/1 about the profile.
#pragma once

#include "report/allocation_profile.hpp"
#include "report/json_archive.hpp"

namespace leakgate {

template <class A>
void fields(A& a, typename A::template Ref<AllocationCounts> counts) {
  a("allocations", counts.allocations);
  a("bytes", counts.bytes);
  a("freed_in_block", counts.freedInBlock);
  a("freed_later", counts.freedLater);
  a("live_blocks", counts.liveBlocks);
  a("live_bytes", counts.liveBytes);
}

template <class A>
void fields(A& a, typename A::template Ref<ProfiledStack> stack) {
  a("fingerprint", stack.fingerprint);
  a("scope", stack.scope);
  a("truncated", stack.truncated);
  a("frames", stack.frames);
}

template <class A>
void fields(A& a, typename A::template Ref<ProfiledCounts> counts) {
  a("stack", counts.stack);
  fields(a, counts.counts);
}

template <class A>
void fields(A& a, typename A::template Ref<ProfiledPart> part) {
  a("step", part.step);
  a("requests", part.requests);
  a("answers", part.responses);
  a("problem", part.problem);
  a("total", part.total);
  a("others", part.others);
  a("other_stacks", part.otherStacks);
  a("stacks", part.stacks);
}

template <class A>
void fields(A& a, typename A::template Ref<AllocationProfile> profile) {
  a("frames", profile.frames);
  a("stacks", profile.stacks);
  a("mix", profile.mix);
  a("steps", profile.steps);
}

}  // namespace leakgate
