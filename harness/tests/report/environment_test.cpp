#include "report/environment.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

TEST_CASE("the environment's fingerprint is about the machine and the build, not the commit") {
  Environment a = sampleEnvironment();
  Environment b = a;
  b.commit = "another";
  b.dirty = true;
  b.modules = {{"server", "11"}};
  CHECK(environmentFingerprint(a) == environmentFingerprint(b));
  b.flags = "-O3";
  CHECK(environmentFingerprint(a) != environmentFingerprint(b));
}
