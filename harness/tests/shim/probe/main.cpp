// A target that runs commands, one per line, and prints "ok" after each. Between commands it allocates
// nothing, so that a test can count what a command did.
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "probe/command.hpp"

extern "C" void run_once(int blocks);

namespace {

bool readLine(char* line, size_t capacity) {
  size_t length = 0;
  while (length + 1 < capacity && read(STDIN_FILENO, line + length, 1) == 1) {
    if (line[length] == '\n') {
      line[length] = '\0';
      return true;
    }
    ++length;
  }
  return false;
}

bool runFrom(std::span<const Command> commands, const char* name) {
  for (const Command& command : commands) {
    if (strcmp(command.name, name) != 0) continue;
    command.run();
    return true;
  }
  return false;
}

}  // namespace

// "probe once N" allocates N blocks and ends: for a process started by exec.
int main(int argumentCount, char** arguments) {
  alarm(kDeadlineSeconds);
  if (argumentCount == 3 && strcmp(arguments[1], "once") == 0) {
    run_once(static_cast<int>(strlen(arguments[2])));
    return 0;
  }
  char line[64];
  while (readLine(line, sizeof line)) {
    const bool known = runFrom(allocationCommands(), line) || runFrom(operatorCommands(), line) ||
                       runFrom(threadCommands(), line) || runFrom(processCommands(), line) ||
                       runFrom(objectCommands(), line) || runFrom(resourceCommands(), line) ||
                       runFrom(resourceStackCommands(), line) || runFrom(stackCommands(), line) ||
                       runFrom(exchangeCommands(), line);
    const char* response = known ? "ok\n" : "unknown\n";
    if (write(STDOUT_FILENO, response, strlen(response)) < 0) return 1;
  }
  return 0;
}
