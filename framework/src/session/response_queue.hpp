// Responses that the client has not taken yet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "protocol/output_buffer.hpp"

namespace h3::session {

/// Bytes to send: a copied part, then a borrowed one.
///
///     copiedBytes():  | handed back | responses, appended to copied() |
///     borrowedBytes():                    | rest of one large body, where its event has it |
///
/// Only one body is borrowed at a time, and nothing is appended behind it until it has been sent.
/// Each byte is counted once: one that is handed back is not new when it is consumed again.
///
/// Lifetime: the borrowed bytes must stay valid until they are consumed or cleared.
/// Threads: one owner.
/// Errors: appending and handBack() throw std::bad_alloc beyond the pool's largest buffer.
class ResponseQueue {
 public:
  /// How much of a borrowed body is copied after its head: more than a transport delays, so the rest can
  /// follow immediately.
  static constexpr std::size_t kCopiedStartBytes = 8 * 1024;

  explicit ResponseQueue(BufferShelf& shelf) : copied_(shelf) {}

  bool empty() const { return copied_.empty() && borrowed_.empty(); }
  /// Whether it should be sent without waiting for other connections: otherwise all their large responses
  /// would be held at the same time.
  bool isLarge() const { return copied_.outgrown() || !borrowed_.empty(); }

  // For the session.
  protocol::OutputBuffer& copied() { return copied_; }
  const protocol::OutputBuffer& copied() const { return copied_; }
  void borrow(std::string_view bytes) { borrowed_ = bytes; }

  // For the connection. Send the copied bytes first, then the borrowed ones.
  std::string_view copiedBytes() const { return copied_.unsent(); }
  std::string_view borrowedBytes() const { return borrowed_; }
  /// Returns how many of the bytes are consumed for the first time.
  std::size_t consumeCopied(std::size_t bytes) {
    copied_.consume(bytes);
    return countOnce(bytes);
  }
  std::size_t consumeBorrowed(std::size_t bytes) {
    borrowed_.remove_prefix(bytes);
    return countOnce(bytes);
  }
  /// These copied bytes were consumed last, and must be sent again before all others.
  void handBack(std::string_view bytes) {
    handedBackBytes_ += bytes.size();
    copied_.prepend(bytes);
  }
  void clear() {
    copied_.clear();
    borrowed_ = {};
    handedBackBytes_ = 0;
  }

 private:
  std::size_t countOnce(std::size_t bytes) {
    if (handedBackBytes_ == 0) [[likely]]
      return bytes;
    return countBeyondHandedBack(bytes);
  }
  [[gnu::cold, gnu::noinline]] std::size_t countBeyondHandedBack(std::size_t bytes) {
    const std::size_t again = std::min(bytes, handedBackBytes_);
    handedBackBytes_ -= again;
    return bytes - again;
  }

  protocol::OutputBuffer copied_;
  std::string_view borrowed_;
  std::size_t handedBackBytes_ = 0;  ///< of copied_, not consumed again yet
};

}  // namespace h3::session
