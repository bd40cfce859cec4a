// A small program that is compiled, run under the shim, and asked which lines allocated what it keeps.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "region/call_stacks.hpp"
#include "symbols/frame.hpp"

namespace leakgate {

/// Where the test's compilers and tools are; "" when one is not installed.
struct BlameTools {
  std::string gcc;
  std::string clang;
  std::string symbolizer;  ///< llvm-symbolizer
  std::string addr2line;
};

/// Runs a command in a folder; its output is in `log`, a file there. Returns whether it succeeded.
bool runIn(const std::filesystem::path& folder, const std::string& command, const std::string& log);

/// A stack that the program has kept blocks of.
struct KeptStack {
  CallStack stack;
  std::uint64_t blocks = 0;
};

/// Runs a program to the line "ready" under the shim. Its libraries are looked for beside it.
std::vector<KeptStack> keptStacksOf(const std::filesystem::path& program);

/// The lines of a source that hold `mark`, and what follows it: {line, "a function"}.
std::vector<std::pair<unsigned, std::string>> markedLines(const std::filesystem::path& source,
                                                          const std::string& mark);

/// "file.cpp:12" of each frame that a tool of another project prints for addresses of a program, innermost
/// first.
std::vector<std::vector<std::string>> framesByTool(const std::string& command,
                                                   const std::vector<std::uint64_t>& addresses);

}  // namespace leakgate
