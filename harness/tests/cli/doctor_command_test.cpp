// The built leakgate as a user runs it.
#include <doctest/doctest.h>

#include "leakgate_process.hpp"

using namespace leakgate::test;

TEST_CASE("doctor: finds the leak that it plants, and nothing in the clean server") {
  Leakgate leakgate;
  CHECK(leakgate.run({"doctor", "--every", "200"}) == 0);
  CHECK(leakgate.out.find("FAIL") == std::string::npos);
  CHECK(leakgate.out.find("plantedLeak  +0.005 blocks") != std::string::npos);
  CHECK(leakgate.run({"doctor", "--every", "0"}) == 2);
  CHECK(leakgate.leftNothing());
}
