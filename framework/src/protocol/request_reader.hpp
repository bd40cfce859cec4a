// Reads one whole request from bytes: scanner, parser and body framing in one place, without a socket.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/short_text.hpp"
#include "http/target.hpp"
#include "protocol/chunked_decoder.hpp"
#include "protocol/head_scanner.hpp"
#include "protocol/limits.hpp"
#include "protocol/request_head.hpp"

namespace h3::protocol {

/// Reads one request out of a growing buffer; then begin() for the next.
///
///     data                                                       size
///     | head ...\r\n\r\n | body (decoded in place)  | next request |
///                        ^ bodyOffset               ^ consumed
///
/// The caller keeps the message's bytes contiguous from `data` on, and may move them between calls. All
/// results are offsets, or are resolved against the `data` of the last call.
class RequestReader {
 public:
  enum class Outcome {
    needMore,  ///< call again with more bytes
    headRead,  ///< with Limits::stopsBehindHead: call limitBody() and streamBody(), or neither, then again
    wantsContinue,  ///< at most once per request: the client waits for 100 Continue or a refusal; then call
                    ///< again
    streams,        ///< after streamBody(): the body comes by readPiece()
    complete,       ///< the request is whole; consumed() bytes belong to it
    refused         ///< respond with status() and close
  };

  /// `limits` must outlive it.
  explicit RequestReader(const Limits& limits);
  explicit RequestReader(const Limits&&) = delete;

  /// Starts a request whose parsed head goes into `head`, which must outlive it.
  void begin(RequestHead& head);

  Outcome read(char* data, std::size_t size);

  // After Outcome::headRead.
  /// Instead of Limits::bodyBytes.
  void limitBody(std::uint64_t bytes) { bodyLimit_ = bytes; }
  /// The body is read piece by piece.
  void streamBody() { streams_ = true; }
  /// Reads what has arrived of a streamed body. needMore, complete (no piece follows this one) or refused; with the
  /// first two, piece() may have bytes.
  Outcome readPiece(char* data, std::size_t size);
  std::string_view piece(const char* data) const { return {data + bodyOffset_, bodyBytes_}; }
  /// Drops the piece, and moves what follows it. Returns the new size of the data.
  std::size_t dropPiece(char* data, std::size_t size);

  int status() const { return status_; }
  std::size_t consumed() const { return consumed_; }
  const Target& target() const {
    return target_;
  }  ///< views into `data`; valid from wantsContinue or complete on
  std::string_view body(const char* data) const { return {data + bodyOffset_, bodyBytes_}; }
  bool headRead() const { return stage_ != Stage::head; }
  /// Where the body begins: valid once the head is read.
  std::size_t headBytes() const { return bodyOffset_; }

  /// Size of the whole message, if its head states it; else 0.
  std::size_t expectedBytes() const {
    const bool known = stage_ == Stage::body && head_->framing.kind() == BodyKind::length;
    return known ? bodyOffset_ + static_cast<std::size_t>(head_->framing.contentLength()) : 0;
  }
  /// Body bytes received so far, for the minimum rate.
  std::uint64_t bodyBytesSeen() const { return bodyBytesSeen_; }
  /// Closes the gap that dechunking leaves. Returns the new size of the data.
  std::size_t compact(char* data, std::size_t size);

 private:
  enum class Stage : std::uint8_t { head, beforeBody, body, done };

  Outcome readHead(char* data, std::size_t size);
  Outcome scanHead(char* data, std::size_t size);
  void beginScan();
  int checkRequestLine(const char* data);
  int checkHead(const char* data);
  bool isRegistered(std::string_view method) const;
  int checkTarget(const char* data);
  int checkHost(const char* data);
  bool learnHost(std::string_view host);
  bool isKnownHost(std::string_view host) const {
    return !host.empty() && host.size() == knownHostBytes_ &&
           equalTexts(host.data(), knownHost_.data(), host.size());
  }
  Outcome beginBody(std::size_t size);
  Outcome readBody(char* data, std::size_t size);
  Outcome refuse(int status);
  Outcome finish(std::size_t consumed, std::size_t bodyBytes);

  const Limits* limits_;
  RequestHead* head_ = nullptr;
  HeadScanner scanner_;
  ChunkedDecoder chunked_;
  Target target_;
  const char* base_ = nullptr;
  Stage stage_ = Stage::head;
  bool scanning_ = false;  // because the head did not arrive whole and valid
  bool requestLineChecked_ = false;
  bool streams_ = false;
  // The last valid host: a client sends the same one each time, and comparing is cheaper than checking.
  std::uint8_t knownHostBytes_ = 0;
  std::array<char, 32> knownHost_;
  int status_ = 0;
  std::size_t bodyOffset_ = 0;
  std::size_t bodyBytes_ = 0;
  std::size_t consumed_ = 0;
  std::uint64_t bodyBytesSeen_ = 0;
  std::uint64_t bodyLimit_ = 0;
  std::uint64_t bodyBytesLeft_ = 0;  ///< of a streamed body whose length is known, behind the dropped pieces
};

}  // namespace h3::protocol
