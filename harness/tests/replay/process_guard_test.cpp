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
  pid_t daemon = 0;
  {
    ServerProcess process(shell(folder, "setsid sh -c 'echo $$; exec sleep 60' & sleep 0.1"));
    daemon = loggedPid(folder);
    CHECK(hasEnded(process.pid()));
    CHECK(eventually([&] {
      return endOf(process).find("left 1 process behind: it must stay in the foreground") !=
             std::string::npos;
    }));
    REQUIRE(daemon > 0);
    CHECK(exists(daemon));
    CHECK(process.processes().running == std::set<pid_t>{daemon});
  }
  CHECK_FALSE(exists(daemon));
}

TEST_CASE("of a long output the end is kept, and no writer is held up or ended") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder,
                              "head -c 9000000 /dev/zero | tr '\\0' 'x'; echo; printf 'last \\033[31mred "
                              "\\233 \\302\\233 \\342\\200\\256\\n'; exec sleep 60"));
  CHECK(logShows(folder,
                 [&](const std::string&) { return process.logTail().find("last") != std::string::npos; }));
  CHECK(fs::file_size(folder.path() / "log") <= 2U << 20);
  CHECK(process.logTail().ends_with("  last \\x1b[31mred \\x9b \\x9b \\u202e\n"));
  process.requireAlive();
}

TEST_CASE("nothing of the group is left, whether stopped or orphaned") {
  const TemporaryDirectory folder;
  pid_t child = 0;
  {
    ServerProcess process(shell(folder, "sleep 60 & echo $!; wait"));
    child = loggedPid(folder);
    REQUIRE(child > 0);
  }
  CHECK_FALSE(exists(child));
  fs::remove(folder.path() / "log");
  const pid_t leakgate = ::fork();  // stands for a leakgate that is killed
  if (leakgate == 0) {
    const ServerProcess process(shell(folder, "sleep 60 & echo $!; wait"));
    for (;;) ::pause();
  }
  child = loggedPid(folder);
  REQUIRE(child > 0);
  CHECK(exists(child));
  ::kill(leakgate, SIGKILL);
  ::waitpid(leakgate, nullptr, 0);
  CHECK(hasEnded(child));
}
