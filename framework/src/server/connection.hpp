// One client connection: moves bytes between a socket and a session.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/connection_deadlines.hpp"
#include "server/plain_transport.hpp"
#include "server/reactor.hpp"
#include "session/http1_session.hpp"
#include "session/input_window.hpp"
#include "session/response_queue.hpp"

namespace h3::server {

struct ConnectionContext;

/// One accepted socket.
///
///     reactor <-> transport_ -> input_  -> session_ -> app
///                            <- output_ <-
///
/// The session decides what is sent and when the connection ends; this class decides only when bytes move. An
/// idle connection owns no buffer and no event.
///
/// Lifetime: pooled by the worker. Closing while a deferred handler runs keeps the object until the handler
/// ends.
/// Threads: its worker's.
class Connection final : public Pollable, private EventHost {
 public:
  static constexpr std::size_t kAddressBytes = 64;

  explicit Connection(ConnectionContext& context);
  ~Connection();

  /// Takes over a socket of the context's reactor.
  void open(int socket, std::string_view clientAddress);
  void onReady(std::uint32_t events) noexcept override;
  void onReturned(std::string_view bytes) override;

  // A batch calls these in this order. The first of a pair returns whether there is something to do, and
  // fills in what.
  bool beginReceive(Receive& receive);
  void endReceive(ssize_t result);
  void respond();
  bool beginSend(Send& send);
  void endSend(ssize_t result);
  /// Does the rest: receives, responds and sends more.
  void finish();

  /// Enforces the deadlines. `nowMs` is the worker's clock.
  void checkDeadlines(std::uint64_t nowMs);
  /// The server stops: responds to what has arrived, then closes.
  void drain();
  /// Memory that it holds because its client has not sent all, or not taken all.
  std::size_t heldBytes() const { return heldBytes_; }
  /// Whether its client is slower, or as slow while it holds more.
  bool isSlowerThan(const Connection& other) const;
  /// Closes immediately, because connections hold too much memory.
  void shed();
  /// Closes immediately, whatever is open.
  void abort() { close(); }
  /// One of its calls has thrown: logs the reason and closes immediately.
  void fail(const char* why) noexcept;

  bool isOpen() const { return transport_.isOpen(); }
  /// Whether a request has been read, in part or whole, and its response has not been sent completely.
  bool owesResponse() const {
    return isOpen() &&
           (!output_.empty() || (session_.phase() != session::Phase::idle && !session_.hasSentLast()));
  }
  std::string_view clientAddress() const { return {address_.data(), addressBytes_}; }

  // The worker's book-keeping.
  std::size_t position = 0;  ///< in its list of connections
  bool queued = false;       ///< for the next batch

 private:
  void drive();
  void driveHandler();
  session::Action process();
  bool flush();
  bool flushBody();
  void cutBody();
  Transferred finishSend(ssize_t result);
  void countSent(std::size_t bytes);
  void endOutput();
  bool receive();
  bool makeRoom();
  bool makeMoreRoom();
  void rest();
  void countHeld();
  void clientLeft() noexcept;
  void reset();
  void close();
  void retire();
  void expireHandler();
  void onHandlerDone(Event& event) override;
  void onBodyWanted(Event& event) override;
  bool onWritten(Event& event, std::string_view bytes) override;
  void onInterim(Event& event, std::string_view bytes) override;

  ConnectionContext& context_;
  PlainTransport transport_;
  session::InputWindow input_;
  session::ResponseQueue output_;
  session::Http1Session session_;
  ConnectionDeadlines deadlines_;
  std::uint64_t sentBytes_ = 0;  ///< to all its clients; each byte counts once
  std::size_t heldBytes_ = 0;    ///< as counted in the budget
  std::uint8_t addressBytes_ = 0;
  std::array<char, kAddressBytes> address_{};
};

}  // namespace h3::server
