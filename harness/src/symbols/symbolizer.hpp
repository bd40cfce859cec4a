// Converts addresses of a module to functions, files and lines. Reads ELF and DWARF with elfutils, offline:
// the program need not run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "region/snapshot.hpp"
#include "symbols/frame.hpp"

namespace leakgate {

/// Opens each module once. Looks for separate debug files on this machine only, never on the network.
/// Threads: one owner. Memory: the debug information of used modules, until destroyed.
class Symbolizer {
 public:
  Symbolizer();
  ~Symbolizer();
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;

  /// The frames of one return address, innermost first: those inlined there, then the function itself. Never
  /// empty: without symbols one frame has the module and the offset only.
  std::vector<Frame> frames(const CodeLocation& location);

 private:
  struct Modules;
  std::unique_ptr<Modules> modules_;
};

/// GNU build-id as hex digits; "" when the file has none or cannot be read.
std::string buildIdOf(const std::string& path);

/// A program's compiler, from its debug information: "GNU C++20 12.2.0 -mtune=generic -O2 ..."; "" without
/// any.
std::string producerOf(const std::string& path);

}  // namespace leakgate
