// One line of a call stack, named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leakgate {

/// Who owns the code of a frame; see ownerOf().
enum class Owner {
  unknown,  ///< not decided: a frame of an older report
  runtime,  ///< under every program
  library,  ///< a third party's
  user
};

std::string_view toString(Owner owner);

struct Frame {
  std::string function;  ///< readable, without parameters: "h3::Event::setContext"; "" when unknown
  std::string file;   ///< absolute if the debug information has its directory; "" without debug information
  unsigned line = 0;  ///< 0 when unknown
  bool inlined = false;      ///< inlined into the next frame
  std::string module;        ///< file name of the mapped file, without directory
  std::uint64_t offset = 0;  ///< return address in the module's own virtual addresses
  Owner owner = Owner::unknown;
  bool allocates = false;     ///< its signature is an allocator's, see isAllocationFunction()
  std::string missingFile{};  ///< split debug information of this code that could not be read

  friend bool operator==(const Frame&, const Frame&) = default;
};

}  // namespace leakgate
