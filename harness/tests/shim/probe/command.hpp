// What the probe can be told to do. A command `x` is the function probe_x, so that a test can ask for its
// sites by name.
#pragma once

#include <span>

struct Command {
  const char* name;
  void (*run)();
};

std::span<const Command> allocationCommands();
std::span<const Command> operatorCommands();
std::span<const Command> threadCommands();
std::span<const Command> processCommands();
std::span<const Command> objectCommands();
std::span<const Command> resourceCommands();
std::span<const Command> resourceStackCommands();
std::span<const Command> stackCommands();
std::span<const Command> exchangeCommands();

/// After which the probe gives up.
inline constexpr unsigned kDeadlineSeconds = 100;
