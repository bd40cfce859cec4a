// A connection without a socket.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "session/http1_session.hpp"
#include "session/input_window.hpp"
#include "session/response_queue.hpp"

namespace h3::test {

/// Moves bytes between a string and a session, as server::Connection does between a socket and a session.
///
/// Lifetime: what the constructor takes must outlive it; so must `responses` of exchange() the call.
/// Threads: one owner. Errors: std::bad_alloc, and what callbacks on the loop throw.
class Loopback final : private EventHost {
 public:
  Loopback(session::SessionContext& context, boost::asio::io_context& loop, BufferShelf& inputs,
           BufferShelf& outputs, std::string_view clientAddress);
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  /// Receives all of the bytes, appends what is sent. Runs the loop while a handler is deferred.
  void exchange(std::string_view bytes, std::string& responses);
  /// The client leaves.
  void close();

  bool isOpen() const { return open_; }
  /// It is closed, and no handler uses it any more.
  bool isUnused() const { return unused_; }
  /// A response's body could not be completed; the server has cut the connection.
  bool wasCut() const { return cut_; }

 private:
  void onHandlerDone(Event& event) override;
  void onBodyWanted(Event&) override {}  // exchange() sees it
  bool onWritten(Event&, std::string_view bytes) override { return http_.write(bytes, output_); }
  void onInterim(Event&, std::string_view bytes) override { http_.writeInterim(bytes, output_); }
  void respond();
  void flush();
  void flushBody();
  void cut();
  void closeIfDone();
  void waitForHandler();
  void expireHandler();
  std::size_t receive(std::string_view bytes);

  session::SessionContext& context_;
  boost::asio::io_context& loop_;
  session::InputWindow input_;
  session::ResponseQueue output_;
  session::Http1Session http_;
  std::string* responses_ = nullptr;
  bool open_ = true;
  bool unused_ = false;
  bool cut_ = false;
};

}  // namespace h3::test
