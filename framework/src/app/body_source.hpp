// The part of a response's body that is not in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace h3 {

/// Gives a body piece by piece, as the client takes it.
///
/// A connection asks for the next piece when the last one is sent, so one piece is all that a slow client
/// holds. Threads: one owner.
class BodySource {
 public:
  enum class Outcome : std::uint8_t {
    more,   ///< send the bytes, then ask again
    last,   ///< send the bytes: they complete the body
    failed  ///< the body cannot be completed, and the connection must be cut
  };
  struct Piece {
    Outcome outcome = Outcome::failed;
    std::string_view bytes;  ///< valid until the next call
  };

  virtual ~BodySource() = default;

  /// Errors: std::bad_alloc from the first call only.
  virtual Piece next() = 0;
  /// Of all pieces to come.
  virtual std::uint64_t remainingBytes() const noexcept = 0;
  /// Memory that it holds.
  virtual std::size_t heldBytes() const noexcept = 0;
};

}  // namespace h3
