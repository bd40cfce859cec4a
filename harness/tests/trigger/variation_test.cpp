#include "trigger/variation.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("names are distinct") {
  for (const Variation a : kAllVariations) {
    for (const Variation b : kAllVariations) {
      CHECK((toString(a) == toString(b)) == (a == b));
      CHECK((titleOf(a) == titleOf(b)) == (a == b));
    }
  }
}
