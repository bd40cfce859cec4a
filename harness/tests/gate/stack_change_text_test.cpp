#include "gate/stack_change_text.hpp"

#include <doctest/doctest.h>

#include "profiles.hpp"

using namespace leakgate;

namespace {

PartChanges changesOf(const ProfileMaker& before, const ProfileMaker& after) {
  return stackChanges(before.profile(), after.profile()).front();
}

PartChanges smallChange() {
  return changesOf(
      ProfileMaker(1000).stack({"save", "create"}, 2000, 64'000).stack({"load", "show", "main"}, 5, 5),
      ProfileMaker(1000)
          .stack({"save", "create"}, 3000, 96'000)
          .stack({"load", "loadLocked", "show", "main"}, 5, 5)
          .others(20, 100));
}

}  // namespace

TEST_CASE("the text of a part: the total, its stacks, what moved, and what has no stack") {
  CHECK(stackChangesText(smallChange()) ==
        "Allocations by call stack: +1.020 blocks, +32 B per request\n"
        "changed +1.000 blocks, +32 B (3.000 blocks, was 2.000)\n"
        "            => save    save.cpp:10\n"
        "               create  create.cpp:10\n"
        "        at no known stack: +0.020 blocks, +0 B\n"
        "moved   1 stack with the same allocations: renamed, inlined or moved\n");
}

TEST_CASE("nothing is written where nothing differs, or by one allocation in all requests") {
  const ProfileMaker same = ProfileMaker(8000).stack({"save", "create"}, 2000, 64'000);
  CHECK(stackChangesText(changesOf(same, same)) == "");
  CHECK(stackChangesMarkdown(changesOf(same, same)) == "");
  CHECK(stackChangesText(changesOf(same, ProfileMaker(8000).stack({"save", "create"}, 2001, 64'032))) == "");
}

TEST_CASE("of many stacks those that changed most are shown, and the others summed up") {
  ProfileMaker before(1000);
  ProfileMaker after(1000);
  for (unsigned k = 1; k <= 12; ++k) {
    const std::string name = std::string("f") + static_cast<char>('a' + k);
    const std::string file = std::string("g") + static_cast<char>('a' + k);
    before.stack({name.c_str(), file.c_str()}, 20'000, 20'000);
    after.stack({name.c_str(), file.c_str()}, k == 12 ? 1'000 : 20'000 + 1'000 * k, 20'000);
  }
  const std::string text = stackChangesText(changesOf(before, after));
  CAPTURE(text);
  CHECK(text.starts_with("Allocations by call stack: +47.000 blocks, +0 B per request\nchanged +11.000"));
  CHECK(text.find("changed -19.000") != std::string::npos);
  CHECK(text.find("2 more stacks: +3.000 blocks") != std::string::npos);
}

TEST_CASE("Markdown has a row a stack, JSON all of it") {
  PartChanges part = smallChange();
  part.step = "login";
  const std::string markdown = stackChangesMarkdown(part);
  CAPTURE(markdown);
  CHECK(markdown.starts_with("#### Allocations by call stack, step login alone: +1.020 blocks"));
  CHECK(markdown.find("save  save.cpp:10, from create  create.cpp:10") != std::string::npos);
  const auto json = stackChangesJson(part);
  CHECK(json["step"] == "login");
  CHECK(json["changes"].size() == 2);
  CHECK(json["changes"][0]["change"] == "changed");
  CHECK(json["changes"][0]["after"]["blocks"] == 3);
  CHECK(json["changes"][0]["frames"][1]["function"] == "create");
  CHECK(json["changes"][1]["change"] == "moved");
  CHECK(json["others_added"]["blocks"] == doctest::Approx(0.02));
}
