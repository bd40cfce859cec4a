#include "report/hash.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("16 hex digits that keep the parts apart") {
  CHECK(hashOf({}) == "cbf29ce484222325");  // FNV-1a's offset
  CHECK(hashOf({"a"}).size() == 16);
  CHECK(hashOf({"ab", "c"}) != hashOf({"a", "bc"}));
  CHECK(hashOf({"a"}) != hashOf({"a", ""}));
  CHECK(hashOf({"a", "b"}) == hashOf({"a", "b"}));
}
