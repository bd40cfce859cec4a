// Names addresses for a report.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "region/call_stacks.hpp"
#include "report/report.hpp"

namespace leakgate {

struct Naming {
  /// The frames of one return address, innermost first, never empty: Symbolizer::frames.
  std::function<std::vector<Frame>(const CodeLocation&)> framesOf;
  std::string sourceRoot;  ///< source files below it are shown relative to it
};

/// Looks up each name once, however many stacks an address is in. Memory: the names that were looked up.
Naming remembering(const Naming& naming);

/// Empty for an address in no module.
std::vector<Frame> namedFrames(const CodeLocation& location, const Naming& naming);

/// All frames of a call stack, including inlined ones.
std::vector<Frame> namedFrames(const CallStack& stack, const Naming& naming);

/// The frame to blame, see frameToBlame(), in an allocation scope.
Place placeOf(const std::vector<Frame>& stack, const std::string& scope);

/// Whether they are the same lines of the same functions, whatever the addresses: code that the compiler
/// duplicated.
bool sameLines(const std::vector<Frame>& a, const std::vector<Frame>& b);

/// Identity of a stack over builds: its functions by their stable names, recursion counted once; modules if
/// no name is known. No addresses, no lines, no inlined frames.
std::string stackFingerprint(const std::vector<Frame>& stack);

}  // namespace leakgate
