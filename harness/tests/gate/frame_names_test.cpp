#include "gate/frame_names.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

std::vector<Frame> framesOf(std::initializer_list<const char*> functions) {
  std::vector<Frame> frames;
  for (const char* function : functions) frames.emplace_back().function = function;
  return frames;
}

}  // namespace

TEST_CASE("names are similar by their characters") {
  CHECK(nameSimilarity("save", "save") == 1);
  CHECK(nameSimilarity("saveNote", "saveNotes") > 0.9);
  CHECK(nameSimilarity("save", "load") == 0);
  CHECK(nameSimilarity("", "load") == 0);
}

TEST_CASE("recursion counts once, template arguments do not count") {
  const auto frames = framesOf({"Tree<int>::add", "Tree<int>::add", "Tree<long>::add", "main"});
  FrameNames names;
  CHECK(names.add(FrameNames::Build::before, frames) == NameStack{0, 1});
  CHECK(names.count() == 2);
}

TEST_CASE("a rename needs a neighbour in common, and a name that is similar") {
  const auto old = framesOf({"saveNote", "main"});
  const auto similar = framesOf({"saveNotes", "main"});
  const auto another = framesOf({"rotateLog", "main"});
  const auto elsewhere = framesOf({"saveNotes", "worker"});
  for (const auto* fresh : {&similar, &another, &elsewhere}) {
    FrameNames names;
    NameStack before = names.add(FrameNames::Build::before, old);
    NameStack after = names.add(FrameNames::Build::after, *fresh);
    CHECK(names.mergeRenamed({&before}, {&after}) == (fresh == &similar ? 1 : 0));
    CHECK((before == after) == (fresh == &similar));
  }
}

TEST_CASE("a name that both builds have was not renamed") {
  const auto old = framesOf({"saveNote", "main"});
  const auto fresh = framesOf({"saveNotes", "main"});
  FrameNames names;
  NameStack before = names.add(FrameNames::Build::before, old);
  NameStack after = names.add(FrameNames::Build::after, fresh);
  names.add(FrameNames::Build::after, old);
  CHECK(names.mergeRenamed({&before}, {&after}) == 0);
}
