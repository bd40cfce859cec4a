#include "region/process_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace leakgate;

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

TEST_CASE("the state, the parent and the threads of a process") {
  const ProcessStat own = processStat(::getpid());
  CHECK(own.isRunning());
  CHECK(own.parent == ::getppid());
  CHECK(own.threads == threadsOf(::getpid()).size());
  CHECK(own.startTicks > 0);
  CHECK(threadState(::getpid(), ::gettid()) == 'R');

  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t ended{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
  CHECK(processStat(child).state == 'Z');
  CHECK_FALSE(processStat(child).isRunning());
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(processStat(child).state == 'X');
  CHECK(threadState(child, child) == 'X');
  CHECK(threadsOf(child).empty());
}
