// Limits of one request, in bytes unless stated otherwise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "http/target.hpp"

namespace h3 {
class MethodNames;
}

namespace h3::protocol {

struct Limits {
  std::size_t targetBytes = 8 * 1024;
  std::size_t headerBytes = 16 * 1024;  ///< all field lines together, CRLFs included
  std::size_t headerCount = 100;        ///< field lines
  std::uint64_t bodyBytes = 1024 * 1024;
  std::size_t chunkExtensionBytes = 8 * 1024;  ///< of one message
  std::size_t trailerBytes = 16 * 1024;
  std::size_t trailerCount = 100;
  std::size_t streamedTrailerBytes = 4 * 1024;  ///< of a streamed body, whose buffer must not move
  TargetSyntax targetSyntax = TargetSyntax::browser;
  /// RequestReader stops behind the head of a request with a body: its route decides about that.
  bool stopsBehindHead = false;
  const MethodNames* otherMethods = nullptr;  ///< accepted by name; every other one is a 501

  /// Of the request line: with room for the version and the method, the longest registered one having 17
  /// letters.
  std::size_t startLineBytes() const { return targetBytes + 64; }
  /// From the first field to the end of the head; the empty line is not a field.
  std::size_t fieldsBytes() const { return headerBytes + 2; }
};

}  // namespace h3::protocol
