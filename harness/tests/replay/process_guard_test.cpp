// process_guard.cpp, by the server_process that starts it.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "replay/process_sampler.hpp"
#include "shell_server.hpp"

using namespace leakgate;
using namespace leakgate::test;
namespace fs = std::filesystem;

namespace {

bool exists(pid_t pid) { return !processTree(pid, {}).running.empty(); }

}  // namespace

TEST_CASE("a daemon is said to be one, and does not stay") {
  const TemporaryDirectory folder;
  const auto daemonPid = [&] { return static_cast<pid_t>(std::atoi(logOf(folder).c_str())); };
  {
    ServerProcess process(shell(folder, "setsid sh -c 'echo $$; exec sleep 60' & sleep 0.1"));
    CHECK(eventually([&] {
      return endOf(process).find("left 1 process behind: it must stay in the foreground") !=
             std::string::npos;
    }));
    CHECK(eventually([&] { return daemonPid() > 0; }));
    CHECK(exists(daemonPid()));
    CHECK(process.processes().running == std::set<pid_t>{daemonPid()});
  }
  CHECK_FALSE(exists(daemonPid()));
}

TEST_CASE("of a long output the end is kept, and no writer is held up or ended") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder,
                              "head -c 9000000 /dev/zero | tr '\\0' 'x'; echo; printf 'last \\033[31mred "
                              "\\233 \\302\\233 \\342\\200\\256\\n'; exec sleep 60"));
  CHECK(eventually([&] { return process.logTail().find("last") != std::string::npos; }));
  CHECK(fs::file_size(folder.path() / "log") <= 2U << 20);
  CHECK(process.logTail().ends_with("  last \\x1b[31mred \\x9b \\x9b \\u202e\n"));
  process.requireAlive();
}

TEST_CASE("nothing of the group is left, whether stopped or orphaned") {
  const TemporaryDirectory folder;
  const auto childPid = [&] { return static_cast<pid_t>(std::atoi(logOf(folder).c_str())); };
  {
    ServerProcess process(shell(folder, "sleep 60 & echo $!; wait"));
    CHECK(eventually([&] { return childPid() > 0; }));
  }
  CHECK(eventually([&] { return !exists(childPid()); }));
  fs::remove(folder.path() / "log");
  const pid_t leakgate = ::fork();  // stands for a leakgate that is killed
  if (leakgate == 0) {
    const ServerProcess process(shell(folder, "sleep 60 & echo $!; wait"));
    for (;;) ::pause();
  }
  CHECK(eventually([&] { return childPid() > 0; }));
  CHECK(exists(childPid()));
  ::kill(leakgate, SIGKILL);
  ::waitpid(leakgate, nullptr, 0);
  CHECK(eventually([&] { return !exists(childPid()); }));
}
