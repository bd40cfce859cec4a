#include "revisions/child_command.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <csignal>
#include <thread>

#include "replay/measure_error.hpp"
#include "report/atomic_file.hpp"
#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

ChildEnd shell(const std::string& line, const fs::path& logFile = {}) {
  return runToEnd({{"/bin/sh", "-c", line}, "/", logFile});
}

// Zombies have ended: their parent has not looked yet.
bool isRunning(const std::string& pid) {
  const std::string file = "/proc/" + pid + "/stat";
  return fs::exists(file) && readWhole(file).find(") Z") == std::string::npos;
}

}  // namespace

TEST_CASE("a child's status, output and errors") {
  const ChildEnd end = shell("pwd; echo wrong >&2; exit 7");
  CHECK(end.status == 7);
  CHECK(end.output == "/\n");
  CHECK(end.errors == "wrong\n");
  CHECK(shell("kill -9 $$").status == 128 + SIGKILL);
  CHECK(shell("head -c 300000 /dev/zero").output.size() == 300'000);
  CHECK_THROWS_AS(runToEnd({{"no-such-program"}, "/"}), InputError);
}

TEST_CASE("a log file receives both streams") {
  const Workspace workspace;
  writeAtomically(workspace.file("log"), "old");
  const ChildEnd end = shell("echo out; echo err >&2", workspace.file("log"));
  CHECK(end.output.empty());
  CHECK(readWhole(workspace.file("log")) == "out\nerr\n");
}

TEST_CASE("a child has no repository of its caller's, and its own signals") {
  ::setenv("GIT_DIR", "/nowhere", 1);
  CHECK(shell("echo \"${GIT_DIR-none}\"").output == "none\n");
  ::unsetenv("GIT_DIR");
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  CHECK(shell("kill $$; echo survived").status == 128 + SIGTERM);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("a request to stop ends the child and what it has started") {
  const Workspace workspace;
  const auto log = workspace.file("log");
  std::stop_source stop;
  std::jthread stopper([&] {
    while (!fs::exists(log) || readWhole(log).find('\n') == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop.request_stop();
  });
  CHECK_THROWS_AS(runToEnd({{"/bin/sh", "-c", "sleep 1000 & echo $!; wait"}, "/", log}, stop.get_token()),
                  Interrupted);
  std::string pid = readWhole(log);
  pid.pop_back();
  CHECK_FALSE(isRunning(pid));
}

TEST_CASE("a child that takes too long is ended") {
  CHECK_THROWS_AS(runToEnd({{"sleep", "1000"}, "/"}, {}, std::chrono::seconds(0)), OutOfTime);
}
