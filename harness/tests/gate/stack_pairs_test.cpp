#include "gate/stack_pairs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace leakgate;

namespace {

using Frames = std::vector<Frame>;

Frame frame(std::string function, std::string file = "", unsigned line = 0) {
  Frame result;
  result.function = std::move(function);
  result.file = std::move(file);
  result.line = line;
  return result;
}

std::vector<PairableStack> views(const std::vector<Frames>& stacks) {
  std::vector<PairableStack> result;
  for (const Frames& frames : stacks) result.push_back({frames, ""});
  return result;
}

StackPairs pairUp(const std::vector<Frames>& before, const std::vector<Frames>& after) {
  return pairStacks(views(before), views(after));
}

const Frames kSave{frame("store::save", "store.cpp", 10), frame("notes::create", "notes.cpp", 20),
                   frame("http::dispatch", "http.cpp", 30), frame("main", "main.cpp", 40)};
const Frames kLoad{frame("store::load", "store.cpp", 50), frame("notes::show", "notes.cpp", 60),
                   frame("http::dispatch", "http.cpp", 30), frame("main", "main.cpp", 40)};

}  // namespace

TEST_CASE("equal stacks are paired whatever their order and lines") {
  Frames moved = kSave;
  for (Frame& each : moved) each.line += 7;
  const StackPairs result = pairUp({kSave, kLoad}, {kLoad, moved});
  REQUIRE(result.pairs.size() == 2);
  CHECK(result.pairs[0].before == 1);
  CHECK(result.pairs[1].before == 0);
  CHECK(result.pairs[1].similarity == 1);
  CHECK(result.gone.empty());
  CHECK(result.added.empty());
}

TEST_CASE("a new stack is new, one that is gone is gone") {
  const Frames other{frame("cache::grow", "cache.cpp", 1), frame("main", "main.cpp", 40)};
  const StackPairs result = pairUp({kSave}, {kSave, other});
  CHECK(result.pairs.size() == 1);
  CHECK(result.added == std::vector<std::size_t>{1});
  CHECK(pairUp({kSave, other}, {kSave}).gone == std::vector<std::size_t>{1});
  // The frames of the event loop alone make no pair.
  CHECK(pairUp({kSave, kLoad}, {kLoad, other}).pairs.size() == 1);
}

TEST_CASE("stacks in different scopes are different") {
  const std::vector<PairableStack> before{{kSave, "login"}, {kSave, "logout"}};
  const std::vector<PairableStack> after{{kSave, "logout"}, {kSave, "login"}};
  const StackPairs result = pairStacks(before, after);
  REQUIRE(result.pairs.size() == 2);
  CHECK(result.pairs[0].before == 1);
}

TEST_CASE("a renamed function is the same") {
  Frames renamed = kSave;
  renamed[0].function = "store::saveNote";
  const StackPairs result = pairUp({kSave, kLoad}, {renamed, kLoad});
  REQUIRE(result.pairs.size() == 2);
  CHECK(result.pairs[0].before == 0);
  CHECK(result.pairs[0].similarity > 0.9);
  CHECK(result.pairs[0].similarity < 1);
}

TEST_CASE("a place without callers is the same if file and name are alike") {
  const Frames old{frame("store::save", "store.cpp", 10)};
  CHECK(pairUp({old}, {{frame("store::saveNote", "store.cpp", 12)}}).pairs.size() == 1);
  CHECK(pairUp({old}, {{frame("store::saveNote", "cache.cpp", 12)}}).pairs.empty());
  CHECK(pairUp({old}, {{frame("rotateLog", "store.cpp", 12)}}).pairs.empty());
}

TEST_CASE("a function that was inlined, or is called through another, changes little") {
  Frames inlined = kSave;
  inlined.erase(inlined.begin() + 1);
  Frames through = kLoad;
  through.insert(through.begin() + 1, frame("store::loadLocked", "store.cpp", 55));
  const StackPairs result = pairUp({kSave, kLoad}, {inlined, through});
  REQUIRE(result.pairs.size() == 2);
  CHECK(result.pairs[0].before == 0);
  CHECK(result.pairs[1].before == 1);
}

TEST_CASE("template arguments and a module's version do not matter") {
  CHECK(pairUp({{frame("Pool<int>::take", "pool.hpp", 3)}}, {{frame("Pool<long>::take", "pool.hpp", 3)}})
            .pairs.size() == 1);
  Frame old;
  old.module = "srv-1.2";
  Frame fresh;
  fresh.module = "srv-1.3";
  CHECK(pairUp({{old}}, {{fresh}}).pairs.size() == 1);
  fresh.module = "h2-demo";
  old.module = "h3-demo";
  CHECK(pairUp({{old}}, {{fresh}}).pairs.empty());
}

namespace {

// A made-up program: stacks of a call tree whose inner functions call few others.
class Program {
 public:
  explicit Program(unsigned seed) : random_(seed) {}

  std::vector<Frames> stacks(std::size_t count) {
    std::set<std::vector<unsigned>> seen;
    std::vector<Frames> result;
    while (result.size() < count) {
      std::vector<unsigned> path;
      unsigned node = 1;
      for (int depth = 6 + below(10); depth > 0; --depth) {
        path.push_back(node % kFunctions);
        node = node * 7 + 1 + static_cast<unsigned>(below(3));
      }
      if (!seen.insert(path).second) continue;
      Frames frames;
      for (auto id = path.rbegin(); id != path.rend(); ++id) frames.push_back(function(*id));
      result.push_back(std::move(frames));
    }
    return result;
  }

  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  static constexpr unsigned kFunctions = 3000;

 private:
  static Frame function(unsigned id) {
    static constexpr const char* kVerbs[] = {"load",   "store",  "parse", "render",
                                             "append", "lookup", "commit"};
    const std::string file = "module" + std::to_string(id % 40);
    return frame(file + "::" + kVerbs[id % 7] + "Part" + std::to_string(id), "src/" + file + ".cpp",
                 id % 900);
  }

  std::mt19937 random_;
};

// What a refactoring does to one function, wherever it occurs.
enum class Refactoring { none, rename, inlining, thunk, movedFile, templateArgument };

Frames refactored(const Frames& stack, const std::vector<Refactoring>& plan) {
  Frames result;
  for (const Frame& original : stack) {
    Frame changed = original;
    changed.line += 3;
    const auto id = std::stoul(original.function.substr(original.function.rfind("Part") + 4));
    switch (plan[id]) {
      case Refactoring::none:
        break;
      case Refactoring::rename:
        changed.function.insert(changed.function.rfind("Part"), "Checked");
        break;
      case Refactoring::inlining:
        if (result.empty()) break;  // what allocates is always in the stack
        continue;
      case Refactoring::thunk:
        result.push_back(frame("thunk of " + changed.function, changed.file, 1));
        break;
      case Refactoring::movedFile:
        changed.file = "moved/" + std::to_string(id) + ".cpp";
        break;
      case Refactoring::templateArgument:
        changed.function += "<int>";
        break;
    }
    result.push_back(std::move(changed));
  }
  return result;
}

}  // namespace

TEST_CASE("what is really new or gone is found beside refactorings") {
  Program program(7);
  const std::vector<Frames> all = program.stacks(1000);
  std::vector<Refactoring> plan(Program::kFunctions, Refactoring::none);
  for (Refactoring& each : plan)
    if (program.below(10) == 0) each = static_cast<Refactoring>(1 + program.below(5));
  // The first 20 are gone, and 20 stacks of a new module have come.
  const std::vector<Frames> before = all;
  std::vector<Frames> after;
  for (std::size_t i = 20; i < all.size(); ++i) after.push_back(refactored(all[i], plan));
  for (int i = 0; i < 20; ++i) {
    Frames added = refactored(all[100 + static_cast<std::size_t>(i)], plan);
    const std::string number = std::to_string(i);
    for (std::size_t k = 0; k < added.size() / 2; ++k)
      added[k] = frame("audit::write" + number + "Entry" + std::to_string(k), "src/audit.cpp", 5);
    after.push_back(std::move(added));
  }
  const StackPairs result = pairUp(before, after);
  const auto right = std::count_if(result.pairs.begin(), result.pairs.end(),
                                   [](const StackPair& pair) { return pair.before == pair.after + 20; });
  CHECK(right == 980);
  CHECK(result.added.size() == 20);
  CHECK(result.gone.size() == 20);
}

TEST_CASE("1,000 stacks after refactorings: at least 99 % are paired rightly, none is taken for a leak") {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    Program program(seed);
    const std::vector<Frames> before = program.stacks(1000);
    std::vector<Refactoring> plan(Program::kFunctions, Refactoring::none);
    for (Refactoring& each : plan)
      if (program.below(10) == 0) each = static_cast<Refactoring>(1 + program.below(5));
    std::vector<Frames> after;
    for (const Frames& stack : before) after.push_back(refactored(stack, plan));
    const StackPairs result = pairUp(before, after);
    const auto right = std::count_if(result.pairs.begin(), result.pairs.end(),
                                     [](const StackPair& pair) { return pair.before == pair.after; });
    CAPTURE(seed);
    CHECK(right >= 990);
    CHECK(result.added.empty());
    CHECK(result.gone.empty());
  }
}
