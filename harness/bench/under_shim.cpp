// Runs a command under the shim: under_shim DEPTH SHIM COMMAND... Ends with the command's exit code, and
// leaves what the shim says of itself in $UNDER_SHIM_OUT as JSON, and the command's own CPU time: reading the
// region at the end is not the command's work.
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "region/control_region.hpp"
#include "region/region_reader.hpp"

namespace {

double secondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void writeAudit(const leakgate::MemorySnapshot& snapshot, const rusage& usage, const char* path) {
  const auto& audit = snapshot.audit;
  const nlohmann::json lost = {{"events_dropped", audit.eventsDropped},
                               {"stacks_missed", audit.stacksMissed},
                               {"stacks_folded", audit.stacksFolded}};
  const double seconds = secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
  std::ofstream(path) << nlohmann::json{{"lost", lost}, {"cpu_seconds", seconds}} << "\n";
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) return std::fprintf(stderr, "usage: under_shim DEPTH SHIM COMMAND...\n"), 2;
  leakgate::ControlRegion control;
  leakgate::RegionReader reader(control.directory());
  // Both come from the terminal, or from the process that stops the command.
  signal(SIGINT, SIG_IGN);
  static pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, SIG_DFL);
    setenv("LEAKGATE_DIR", control.directory().c_str(), 1);
    setenv("LEAKGATE_DEPTH", arguments[1], 1);
    setenv("LD_PRELOAD", arguments[2], 1);
    execvp(arguments[3], arguments + 3);
    std::perror(arguments[3]);
    _exit(127);
  }
  signal(SIGTERM, [](int) { kill(child, SIGTERM); });
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0) {
  }
  if (const char* path = getenv("UNDER_SHIM_OUT")) writeAudit(reader.read(), usage, path);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
