// One connection of the load: sends its share of the requests, in order, and reads the responses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "replay/block_ledger.hpp"
#include "replay/client_socket.hpp"
#include "replay/response_reader.hpp"
#include "replay/send_schedule.hpp"
#include "scenario/request_stream.hpp"

namespace leakgate {

/// A state machine around one non-blocking socket:
///
///   closed -> connecting -> open -> closed              the server or a step asks for it
///                           open -> closing -> closed   after a response with `Connection: close`
///                           open -> holding -> closed   a half-sent request is held for its stall_ms
///                           open -> pausing -> open     a response stays unread for its slow_read_ms
///
/// Closing waits for the server to close; for less time once a server did not, and not at all after an
/// upgrade (101).
///
/// A slow reader also takes little at a time: each such request has its own connection, with a small receive
/// buffer. (On a persistent one, the server's kernel soon takes all of the next response.)
///
/// Connection c of C sends the requests c, c+C, c+2C ... A server may close after a response: the requests
/// that it left unread are sent again on the next connection. When it closes a used connection before any
/// byte of a response, an idle timeout is assumed and the request is sent once more; on a fresh connection
/// that is a missing response. A connection that the kernel does not make immediately (a full backlog drops
/// it; a client port that the server still holds refuses it) is tried again after some milliseconds, from
/// another port: the kernel itself would wait a second. Lifetime: borrows stream, epoll descriptor and,
/// during a block, the ledger. Threads: one. Memory: fixed after the first requests (the largest request and
/// expected body). Errors: MeasureError when a response does not arrive in time.
class ClientConnection {
 public:
  struct Setup {
    int epoll = -1;
    std::uint16_t port = 0;
    unsigned pipeline = 1;
    bool keepOpen = true;  ///< open between blocks too, so that each checkpoint sees the same connections
    std::uint64_t responseTimeoutNs = 0;
  };

  ClientConnection(unsigned index, const Setup& setup, const RequestStream& stream);

  /// Takes those requests of [schedule.first, end) that belong to this connection. Call pump() when one is due.
  void startBlock(const SendSchedule& schedule, std::uint64_t end, BlockLedger& ledger);

  void pump(std::uint64_t nowNs);  ///< connects, and sends what may be sent
  void onEvents(std::uint32_t events, std::uint64_t nowNs, std::span<char> scratch);
  void onDeadline(std::uint64_t nowNs);

  bool busy() const;                 ///< part of the block is left to do, or a connection to open again
  bool takeWantsTurn();              ///< pump() must be called again, after the other connections
  std::uint64_t deadlineNs() const;  ///< when onDeadline() is due; the largest number when never
  const RequestStream& stream() const { return stream_; }
  /// The request without a response so far, even if its connection is gone.
  std::optional<std::uint64_t> pendingRequest() const;
  int connectError() const { return connectError_; }  ///< errno of a refused connection, or 0

 private:
  enum class State { closed, connecting, open, holding, pausing, closing };
  struct InFlight {
    std::uint64_t number = 0;
    std::size_t step = 0;
    std::uint64_t sentNs = 0;
    std::uint64_t startNs = 0;  ///< of its latency
    bool leftUnread = false;    ///< the response has not had its pause yet
  };

  void open(std::uint64_t nowNs);
  void connectAgain(std::uint64_t nowNs);
  void finishConnect();
  bool fill(std::uint64_t nowNs);
  bool maySend(std::uint64_t nowNs) const;
  bool wantsOpen() const;
  bool wantsSmallWindow() const;
  bool wantsFresh() const;
  bool hasSentAll() const;
  void pause(std::uint64_t nowNs, std::uint32_t ms);
  void readOn(std::uint64_t nowNs);
  void push(std::uint64_t number, std::size_t step, std::uint64_t nowNs);
  void flush(std::uint64_t nowNs);
  void afterFlush(std::uint64_t nowNs);
  void receive(std::uint64_t nowNs, std::span<char> scratch);
  void take(std::string_view bytes, std::uint64_t nowNs);
  void finishFront(std::uint64_t nowNs);
  void endOfStream(std::uint64_t nowNs);
  void beginResponse();
  void giveUpFront(const std::string& why);
  void leave();
  void closeSocket();
  const InFlight& front() const { return inFlight_[head_]; }
  InFlight& front() { return inFlight_[head_]; }
  void pop();

  const unsigned index_;
  const Setup setup_;
  const RequestStream& stream_;
  BlockLedger* ledger_ = nullptr;

  ClientSocket socket_;
  State state_ = State::closed;
  bool smallWindow_ = false;  ///< of the socket
  bool wantsTurn_ = false;
  bool openedIdle_ = false;  ///< in this block, after its last request
  int connectError_ = 0;
  std::uint64_t connectUntilNs_ = 0;  ///< of all attempts
  unsigned attempts_ = 0;             ///< failed attempts to connect so far
  std::uint64_t closeGraceNs_;
  std::optional<std::uint64_t> lost_;  ///< request whose connection ended before its response
  std::uint64_t deadlineNs_ = 0;       ///< of connecting, holding, pausing and closing
  std::uint64_t responsesHere_ = 0;    ///< on this socket
  std::uint64_t sentHere_ = 0;
  std::uint64_t departures_ = 0;  ///< of this connection so far: FIN and RST alternate

  SendSchedule schedule_;
  std::uint64_t next_ = 0;  ///< next request to send
  std::uint64_t end_ = 0;
  std::string out_;
  std::size_t outSent_ = 0;
  std::vector<InFlight> inFlight_;  ///< ring of setup_.pipeline slots
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  InFlight last_;  ///< the request that got the last response, for the message about bytes after it
  ResponseReader reader_;
};

}  // namespace leakgate
