// One client connection: moves bytes between a socket and the session's state machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "h3http/event.hpp"
#include "protocol/session_fsm.hpp"
#include "server/connection_deadlines.hpp"
#include "server/reactor.hpp"
#include "session/input_window.hpp"
#include "session/response_queue.hpp"

namespace h3::server {

class Worker;

/// One accepted socket.
///
/// Owns an input buffer only while bytes wait in it, an output buffer only while the client is slow, an event
/// only while a request is being read or answered: an idle connection is this object and a socket.
///
/// Lifetime: pooled by the worker. Closing while a deferred handler runs keeps the object until the handler
/// ends. Threads: its worker's.
class Connection final : public Pollable {
 public:
  static constexpr std::size_t kAddressBytes = 64;

  explicit Connection(Worker& worker);
  ~Connection();

  /// Takes over a socket of the worker's reactor.
  void open(int socket, std::string_view clientAddress);
  void onReady(std::uint32_t events) noexcept override;
  void onReturned(std::string_view bytes) override;

  // A batch calls these in this order. The first of a pair tells whether there is something to do, and fills
  // in what.
  bool beginReceive(Receive& receive);
  void endReceive(ssize_t result);
  void answer();
  bool beginSend(Send& send);
  void endSend(ssize_t result);
  /// Whatever is left: more to receive, to answer, to send.
  void finish();

  /// Enforces the deadlines. `nowMs` is the worker's clock.
  void checkDeadlines(std::uint64_t nowMs);
  /// The server stops: answers what has arrived, then closes.
  void drain();
  /// Closes at once, whatever is open.
  void abort() { close(); }
  /// It threw: says so in the log, and closes at once.
  void fail(const char* why) noexcept;

  bool isOpen() const { return socket_ >= 0; }
  /// A request has been read in part or whole, and its answer has not been sent whole.
  bool owesAnswer() const {
    const auto phase = fsm_.phase();
    return isOpen() && (!output_.empty() || (phase != protocol::SessionFsm::Phase::idle &&
                                             phase != protocol::SessionFsm::Phase::lingering));
  }
  std::string_view clientAddress() const { return {address_.data(), addressBytes_}; }

  // The worker's book-keeping.
  std::size_t position = 0;  ///< in its list of connections
  bool queued = false;       ///< for the next batch

 private:
  enum class Step { progress, wait };

  void drive();
  void noteHangUp(std::uint32_t events);
  bool flush();
  bool flushBody();
  std::size_t noteSent(ssize_t result);
  void countSent(std::size_t bytes);
  /// A handler works on its answer, or it has not been sent whole.
  bool answering() const { return fsm_.phase() == protocol::SessionFsm::Phase::handling || !output_.empty(); }
  /// Bytes have arrived that nobody has looked at.
  bool hasFreshInput() const { return !input_.empty() && !starved_; }
  /// Nothing more will come, or is wanted.
  bool mayClose() const {
    return peerClosed_ || (draining_ && fsm_.phase() == protocol::SessionFsm::Phase::idle);
  }
  Step process();
  Step processApart();
  Step dispatch(char* data);
  void askContinue(char* data);
  void refuse(int status);
  void finishAnswer();
  void endAnswer();
  void queueAnswer(std::size_t copiedBytes = std::string_view::npos);
  bool receive();
  void settle();
  bool makeRoom();
  bool makeMoreRoom();
  void discardInput();
  void shutDownAfterFlush();
  void prepareEvent(char* data);
  void bindRequest(char* data);
  void unbindRequest(char* data);
  void releaseEvent();
  void close();
  static void onDeferredDone(void* context, Event& event);

  Worker& worker_;
  int socket_ = -1;
  protocol::SessionFsm fsm_;
  session::InputWindow input_;
  session::ResponseQueue output_;
  ConnectionDeadlines deadlines_;
  Event* event_ = nullptr;
  std::size_t discarded_ = 0;
  bool readable_ = false;
  bool starved_ = false;     ///< nothing can be done with what is in the input until more arrives
  bool hangUpSeen_ = false;  // FIN may come without another edge: read until 0
  bool peerClosed_ = false;
  bool writeBlocked_ = false;
  bool shutDown_ = false;
  bool dispatching_ = false;
  bool deferredPending_ = false;
  bool draining_ = false;
  std::uint8_t addressBytes_ = 0;
  std::array<char, kAddressBytes> address_{};
};

}  // namespace h3::server
