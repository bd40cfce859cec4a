// From addresses to places by name, as a report shows them.
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

/// Asks for a name once, however many stacks an address is in. Memory: the names asked for.
Naming remembering(const Naming& naming);

/// Empty for an address in no module.
std::vector<Frame> namedFrames(const CodeLocation& location, const Naming& naming);

/// All of a call stack, what was inlined included.
std::vector<Frame> namedFrames(const CallStack& stack, const Naming& naming);

/// The frame to blame, see frameToBlame(), in an allocation scope.
Place placeOf(const std::vector<Frame>& stack, const std::string& scope);

/// The same lines of the same functions, whatever the addresses: places that the compiler copied.
bool sameLines(const std::vector<Frame>& a, const std::vector<Frame>& b);

/// Identity of a stack over builds: its functions by their stable names, a recursion counted once; modules
/// where no name is known. No addresses, no lines, and nothing about what was inlined.
std::string stackFingerprint(const std::vector<Frame>& stack);

}  // namespace leakgate
