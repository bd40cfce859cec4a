#include "html/stack_list.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"
#include "report/stack_text.hpp"

using namespace leakgate;

namespace {

Frame frame(const std::string& function, Owner owner) {
  Frame one;
  one.function = function;
  one.file = "src/" + function + ".cpp";
  one.line = 7;
  one.module = "server";
  one.owner = owner;
  return one;
}

std::string listed(const std::vector<Frame>& stack, bool truncated = false) {
  Markup markup;
  addStackList(markup, stack, truncated);
  return markup.take();
}

}  // namespace

TEST_CASE("neighbouring frames of libraries are folded, a single one is not") {
  const std::string list =
      listed({frame("grow", Owner::runtime), frame("insert", Owner::library), frame("save", Owner::user),
              frame("dispatch", Owner::library), frame("main", Owner::user)});
  CHECK(holds(list, "<summary>2 frames of libraries: grow</summary>"));
  CHECK(holds(list,
              "<li class=\"user blamed\"><code>save</code> src/save.cpp:7<strong> (line to blame)</strong>"));
  CHECK(holds(list, "<li class=\"library\"><code>dispatch</code>"));
  CHECK(holds(list, "<li class=\"user\"><code>main</code>"));
}

TEST_CASE("a stack whose outer end is missing says so") {
  CHECK(holds(listed({frame("save", Owner::user)}, true), "the rest was not unwound"));
  CHECK(listed({}).empty());
}

TEST_CASE("a frame without a line has its module's offset") {
  Frame bare;
  bare.module = "server";
  bare.offset = 0x1f2c;
  CHECK(placeText(bare) == "server+0x1f2c");
}
