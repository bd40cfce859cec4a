// Which system calls a target makes for its requests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "replay/system_call_log.hpp"

namespace leakgate {

/// Of a replay of its own: without the shim, each call stopped by strace.
struct SystemCallProfile {
  std::uint64_t requests = 0;          ///< that the counts are of
  std::string responses;               ///< by status: "200: 800"
  std::string problem;                 ///< why nothing was measured; "" when it was
  std::vector<SystemCallCount> calls;  ///< the most frequent first
};

/// One function.
struct FunctionInstructions {
  std::string function;  ///< readable; "" when the symbol is not known
  std::string module;    ///< file of the program or library, without its folder
  std::uint64_t instructions = 0;
};

/// Of two replays of their own, without the shim, under valgrind's callgrind.
struct InstructionProfile {
  std::uint64_t requests = 0;                   ///< by which the replays differ, and that the counts are of
  std::string problem;                          ///< why nothing was measured; "" when it was
  std::uint64_t total = 0;                      ///< user instructions
  std::vector<FunctionInstructions> functions;  ///< the most first, at most kMaxFunctions
};

inline constexpr std::size_t kMaxFunctions = 200;

}  // namespace leakgate
