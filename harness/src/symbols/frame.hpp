// One line of a call stack, named.
#pragma once

#include <cstdint>
#include <string>

namespace leakgate {

struct Frame {
  std::string function;      ///< readable, without parameters: "h3::Event::setContext"; "" when unknown
  std::string file;          ///< as the compiler was given it; "" without debug information
  unsigned line = 0;         ///< 0 when unknown
  bool inlined = false;      ///< inlined into the frame that follows
  std::string module;        ///< file name of the mapped file, without folder
  std::uint64_t offset = 0;  ///< return address in the module's own virtual addresses

  friend bool operator==(const Frame&, const Frame&) = default;
};

}  // namespace leakgate
