#include "region/call_stacks.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace leakgate;

TEST_CASE("equal stacks have one number, and read back as they were added") {
  const CodeLocation inner{"/a.so", 1};
  const CodeLocation outer{"/b.so", 2};
  const std::vector<CodeLocation> both{inner, outer};
  const std::vector<CodeLocation> one{inner};
  CallStacks stacks;
  CHECK(stacks.count() == 0);
  CHECK(stacks.add(both, false) == 1);
  CHECK(stacks.add(one, false) == 2);
  CHECK(stacks.add(both, true) == 3);  // the outer end is missing: another stack
  CHECK(stacks.add(both, false) == 1);
  CHECK(stacks.count() == 3);
  CHECK(stacks.at(1) == CallStack{both, false});
  CHECK(stacks.at(3) == CallStack{both, true});
  CHECK(stacks.callerOf(2) == inner);
}
