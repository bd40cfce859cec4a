// Reads what valgrind's callgrind has counted.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <utility>

namespace leakgate {

/// Instructions of each function itself, without those that it calls. By the name of the symbol and the file of its
/// program or library.
using InstructionCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// Adds the file's counts. What is cut or unknown is skipped. Source: valgrind's manual, "Callgrind Format
/// Specification", version 1, with the event Ir alone.
void addInstructions(std::istream& file, InstructionCounts& counts);

}  // namespace leakgate
