#include "symbols/module_name.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("a module's name without its version") {
  CHECK(withoutVersion("srv-1.2") == "srv");
  CHECK(withoutVersion("srv_10") == "srv");
  CHECK(withoutVersion("libz.so.1.2.13") == "libz.so");
  CHECK(withoutVersion("h3-demo") == "h3-demo");
  CHECK(withoutVersion("node18") == "node18");
  CHECK(withoutVersion("-1") == "-1");
  CHECK(withoutVersion("") == "");
}
