// The life of one HTTP/1.1 connection as a state machine: bytes in, what to do next out. No socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocol/limits.hpp"
#include "protocol/request_reader.hpp"

namespace h3::protocol {

/// Decides what a connection does next.
///
///     idle -> head -> body -> handling -> idle          keep-alive
///       |       |       |      ^ |
///       |       |       |  streaming                     the handler reads the body
///       |       |       |        |
///       |       +-------+--------+--> lingering          refused, or `Connection: close`: no more responses
///       +---------------------------> (closed by the owner)
///
/// Bytes that belong to a refused request, or that follow a closing one, never become a second request:
/// lingering has no way back.
class SessionFsm {
 public:
  enum class Phase : std::uint8_t { idle, head, body, streaming, handling, lingering };
  enum class Action : std::uint8_t {
    needInput,   ///< receive more bytes and call next() again
    decideBody,  ///< with Limits::stopsBehindHead: as RequestReader::Outcome::headRead; then call next() again
    askContinue,  ///< the client waits: send 100 Continue and call next() again, or a refusal and refused()
    dispatch,     ///< the request is whole, or in Phase::streaming: handle it, then responded()
    refuse        ///< respond with status(); the session lingers
  };

  /// `limits` must outlive it.
  explicit SessionFsm(const Limits& limits) : reader_(limits) {}
  explicit SessionFsm(const Limits&&) = delete;

  /// A new connection.
  void reset() { phase_ = Phase::idle; }

  /// `data` starts with the first byte that no finished request has consumed. `head` receives the parsed
  /// head; pass the same one until the response is queued. While lingering, nothing becomes a request:
  /// needInput.
  Action next(char* data, std::size_t size, RequestHead& head);

  /// No more of the body is read.
  void streamed() { phase_ = Phase::handling; }
  /// The response to the dispatched request has been queued; `keepAlive` false: with `Connection: close`.
  void responded(bool keepAlive) { phase_ = keepAlive ? Phase::idle : Phase::lingering; }
  /// A response that ends the connection has been queued (a timeout, a refused expectation).
  void refused() { phase_ = Phase::lingering; }

  Phase phase() const { return phase_; }
  int status() const { return reader_.status(); }
  RequestReader& reader() { return reader_; }
  const RequestReader& reader() const { return reader_; }

 private:
  RequestReader reader_;
  Phase phase_ = Phase::idle;
};

}  // namespace h3::protocol
