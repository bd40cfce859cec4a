#include "report/profile_tree.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

Frame frame(const std::string& function, unsigned line) {
  return {function, "a.c", line, false, "server", 0x100 + line};
}

// main > run > respond > {parse, keep > remember}; and main > idle.
AllocationProfile treeProfile() {
  AllocationProfile profile;
  profile.frames = {frame("main", 1), frame("run", 2),      frame("respond", 3), frame("parse", 4),
                    frame("keep", 5), frame("remember", 6), frame("idle", 7)};
  profile.stacks = {{"", "", false, {3, 2, 1, 0}}, {"", "", false, {5, 4, 2, 1, 0}}, {"", "", false, {6, 0}}};
  profile.mix.requests = 100;
  profile.mix.total = {1000, 20'000, 1000};
  profile.mix.stacks = {{0, {600, 6'000, 600}}, {1, {300, 9'000, 300}}, {2, {100, 5'000, 100}}};
  return profile;
}

}  // namespace

TEST_CASE("branches are ordered by weight, and frames without a branch are joined") {
  const AllocationProfile profile = treeProfile();
  CHECK(profileTree(profile, profile.mix, {}) ==
        R"(  share   per req.  function, called by the one above it
100.0 %         10  main  a.c:1
 90.0 %          9    respond  a.c:3  +1
 60.0 %          6      parse  a.c:4
 30.0 %          3      remember  a.c:6  +1
 10.0 %          1    idle  a.c:7
)");
}

TEST_CASE("the heaviest rows are shown, with their callers") {
  const AllocationProfile profile = treeProfile();
  ProfileTextOptions options;
  options.by = ProfileBy::bytes;
  options.top = 3;
  CHECK(profileTree(profile, profile.mix, options) ==
        R"(  share   per req.  function, called by the one above it
100.0 %        200  main  a.c:1
 75.0 %        150    respond  a.c:3  +1
 45.0 %         90      remember  a.c:6  +1
)");
}

TEST_CASE("a function that allocates itself is not joined with the one it calls") {
  AllocationProfile profile = treeProfile();
  profile.stacks = {{"", "", false, {1, 0}}, {"", "", false, {2, 1, 0}}};
  profile.mix.stacks = {{0, {400, 4'000, 400}}, {1, {600, 6'000, 600}}};
  CHECK(profileTree(profile, profile.mix, {}) ==
        R"(  share   per req.  function, called by the one above it
100.0 %         10  run  a.c:2  +1
 60.0 %          6    respond  a.c:3
)");
}
