// Reads a server's responses from a stream of bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leakgate {

/// Reads one HTTP/1 response at a time, from pieces of any size; interim responses (1xx but 101) are skipped.
///
///   begin() -> feed() until done() or failed() -> begin() ...
///
/// Bodies end as RFC 9112 6.3 says: none for HEAD, 1xx, 204, 304; chunked; Content-Length; else the
/// connection's end. Bounds: 64 KiB per head, 8 KiB per chunk line; a body is kept only as far as requested.
/// Errors: failed(), with the reason in error(). Nothing throws. Allocates: its buffers, once.
class ResponseReader {
 public:
  /// Starts the next response. `keepBodyBytes`: how much of the body to keep for body().
  void begin(bool isHead, std::size_t keepBodyBytes = 0);

  /// Takes bytes up to the end of the response; returns how many.
  std::size_t feed(std::string_view bytes);

  /// The connection has ended: the end of a body that has no length, otherwise a failure.
  void endOfStream();

  bool done() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }
  const char* error() const { return error_; }
  bool started() const { return started_; }  ///< a byte of this response has arrived

  int status() const { return status_; }
  bool keepsAlive() const { return keepsAlive_; }  ///< the server will accept another request
  std::string_view body() const { return body_; }  ///< valid until begin()
  std::uint64_t bodyBytes() const { return bodyBytes_; }
  std::string_view contentType() const { return contentType_; }

 private:
  enum class State { head, lengthBody, chunkSize, chunkData, chunkEnd, trailer, endlessBody, done, failed };

  std::size_t takeHead(std::string_view bytes);
  std::size_t takeBody(std::string_view bytes);
  std::size_t takeLine(std::string_view bytes, std::size_t limit);
  void checkProtocol(std::string_view start);
  void parseHead(std::string_view head);
  void parseStatusLine(std::string_view line);
  void parseField(std::string_view line);
  void parseConnection(std::string_view value);
  void parseLength(std::string_view value);
  void chooseBody();
  void endOfLine();
  void startChunk(std::string_view line);
  void fail(const char* why);

  State state_ = State::done;
  const char* error_ = "";
  std::string line_;  ///< the head, or a line of a chunked body, as far as it has arrived
  std::string body_;
  std::string contentType_;
  std::uint64_t remaining_ = 0;  ///< outstanding bytes of the body or of the chunk
  std::uint64_t bodyBytes_ = 0;
  std::uint64_t length_ = 0;
  std::size_t keepBodyBytes_ = 0;
  int status_ = 0;
  bool isHead_ = false;
  bool keepsAlive_ = false;
  bool hasLength_ = false;
  bool chunked_ = false;
  bool started_ = false;
};

}  // namespace leakgate
