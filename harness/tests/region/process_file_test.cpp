#include "region/process_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using leakgate::processFile;

TEST_CASE("a file of a running process is read whole") {
  CHECK(processFile(::getpid(), "stat").starts_with(std::to_string(::getpid()) + " ("));
  CHECK(processFile(::getpid(), "maps").find("leakgate_region_test") != std::string::npos);
}

TEST_CASE("what cannot be read is empty") {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(processFile(child, "stat").empty());
  CHECK(processFile(::getpid(), "task").empty());  // opens, and then fails to be read
}
