// When a reactor runs.
#pragma once

#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/io_context.hpp>  // also detail::reactor, whose own header cannot come first

#include "server/handler_slot.hpp"

namespace h3::server {

/// What a Turns runs.
class TurnTaker {
 public:
  /// Returns whether it wants another turn soon. It gets one after it has thrown, too.
  virtual bool takeTurn() = 0;

 protected:
  ~TurnTaker() = default;
};

/// Runs a reactor on each edge of its descriptor's readability, and soon after it has asked for it.
///
/// Stays registered in Asio's own epoll set: a wake-up costs one turn of the io_context, without an operation
/// to make, to arm and to complete, and without reading what made the descriptor readable (see doc/adr/0001).
/// Threads: one owner, the one that runs the io_context.
class Turns {
 public:
  /// `slot` must outlive the context.
  Turns(boost::asio::io_context& context, HandlerSlot& slot, TurnTaker& taker);
  ~Turns() { stop(); }
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  /// Throws boost::system::system_error.
  void start(int descriptor);
  /// Before the descriptor is closed.
  void stop();
  void soon();

 private:
  /// Waits as long as it is registered: "not done" however often it has been performed, as in Asio's own
  /// signal_set.
  struct Wait : boost::asio::detail::reactor_op {
    explicit Wait(Turns& owner) : reactor_op({}, &perform, &complete), turns(owner) {}
    static status perform(reactor_op* wait);
    static void complete(void*, boost::asio::detail::operation*, const boost::system::error_code&,
                         std::size_t) {}
    Turns& turns;
  };

  void run();

  boost::asio::io_context& context_;
  HandlerSlot& slot_;
  TurnTaker& taker_;
  boost::asio::detail::reactor& asio_;
  boost::asio::detail::reactor::per_descriptor_data registration_{};
  int descriptor_ = -1;
  bool posted_ = false;
  Wait wait_{*this};
};

}  // namespace h3::server
