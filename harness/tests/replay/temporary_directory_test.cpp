#include "replay/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "scenario/input_error.hpp"

using namespace leakgate;

TEST_CASE("a folder for temporary files that is not there is named with the fix") {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/no/such/folder", 1);
  CHECK_THROWS_WITH_AS(
      TemporaryDirectory(),
      "TMPDIR: found /no/such/folder, expected a folder for temporary files; make it, or set "
      "TMPDIR to one that is there",
      InputError);
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
}
