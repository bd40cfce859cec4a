// Responses that the client has not taken yet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "app/body_source.hpp"
#include "protocol/output_buffer.hpp"

namespace h3::session {

/// Bytes to send: a copied part, then a borrowed one, then what a source gives.
///
///     copiedBytes():  | handed back | responses, appended to copied() |
///     borrowedBytes():      | rest of one large body, where its event has it |
///     fetchBody():                               | the next piece, and the next ... |
///
/// Only one body is borrowed at a time, and nothing is appended behind it until it has been sent.
/// Each byte is counted once: one that is handed back is not new when it is consumed again.
///
/// Lifetime: the borrowed bytes and the source must stay valid until the body is sent or cleared.
/// Threads: one owner.
/// Errors: appending and handBack() throw std::bad_alloc beyond the pool's largest buffer.
class ResponseQueue {
 public:
  /// How much of a borrowed body is copied after its head: more than a transport delays, so the rest can
  /// follow immediately.
  static constexpr std::size_t kCopiedStartBytes = 8 * 1024;

  explicit ResponseQueue(BufferShelf& shelf) : copied_(shelf) {}

  bool empty() const { return copied_.empty() && !hasBody(); }
  /// Whether a borrowed body is still to be sent, in part or whole.
  bool hasBody() const { return hasBody_; }
  /// Whether it should be sent without waiting for other connections: otherwise all their large responses
  /// would be held at the same time.
  bool isLarge() const { return copied_.outgrown() || hasBody(); }

  // For the session.
  protocol::OutputBuffer& copied() { return copied_; }
  const protocol::OutputBuffer& copied() const { return copied_; }
  /// `rest`: what follows the bytes; may be null.
  void borrow(std::string_view bytes, BodySource* rest = nullptr) {
    borrowed_ = bytes;
    source_ = rest;
    updateHasBody();
  }

  // For the connection. Send the copied bytes first, then the borrowed ones.
  std::string_view copiedBytes() const { return copied_.unsent(); }
  std::string_view borrowedBytes() const { return borrowed_; }
  /// Makes the next piece of the body the borrowed bytes, if all of the last one are consumed. Returns false
  /// if there is none: the body cannot be completed.
  [[nodiscard]] bool fetchBody() { return !borrowed_.empty() || source_ == nullptr || fetchPiece(); }
  /// Returns how many of the bytes are consumed for the first time.
  std::size_t consumeCopied(std::size_t bytes) {
    copied_.consume(bytes);
    return countOnce(bytes);
  }
  std::size_t consumeBorrowed(std::size_t bytes) {
    borrowed_.remove_prefix(bytes);
    updateHasBody();
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
    source_ = nullptr;
    hasBody_ = false;
    handedBackBytes_ = 0;
  }

 private:
  [[gnu::noinline]] bool fetchPiece() {
    const BodySource::Piece piece = source_->next();
    if (piece.outcome == BodySource::Outcome::failed) return false;
    borrowed_ = piece.bytes;
    if (piece.outcome == BodySource::Outcome::last) source_ = nullptr;
    updateHasBody();
    return true;
  }
  void updateHasBody() { hasBody_ = !borrowed_.empty() || source_ != nullptr; }
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
  BodySource* source_ = nullptr;     ///< of the body's bytes after borrowed_
  bool hasBody_ = false;             ///< in one byte: it is asked several times a request
  std::size_t handedBackBytes_ = 0;  ///< of copied_, not consumed again yet
};

}  // namespace h3::session
