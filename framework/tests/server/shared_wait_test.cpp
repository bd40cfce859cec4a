// One wait for a worker's sockets and for Asio: no wake-up is lost, and no wait is busy.
#include "server/shared_wait.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

namespace asio = boost::asio;
using h3::server::SharedWait;

namespace {

/// Serves its only socket if that is ready, and else waits for Asio, ten seconds at most.
class Poller final : public h3::server::SocketPoller {
 public:
  explicit Poller(SharedWait& wait) : wait_(wait) { wait.start(*this); }

  int turns = 0;
  int waits = 0;
  int timeouts = 0;
  int flushes = 0;
  std::function<bool()> serve = [] { return false; };

 private:
  bool takeTurn(bool mayWait) override {
    ++turns;
    if (mayWait) ++waits;
    if (serve()) return false;
    pollfd asioSet{wait_.descriptor(), POLLIN, 0};
    const int count = ::poll(&asioSet, 1, mayWait ? 30'000 : 0);
    if (count == 0 && mayWait) ++timeouts;
    return count > 0;
  }
  void flush() noexcept override { ++flushes; }

  SharedWait& wait_;
};

struct Loop {
  asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  SharedWait& wait = SharedWait::install(context);
  Poller poller{wait};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(context);
};

}  // namespace

TEST_CASE("timers, descriptors and posts from other threads end a wait") {
  Loop loop;
  std::string seen;
  std::promise<void> timerSeen;
  std::promise<void> descriptorSeen;
  asio::steady_timer timer(loop.context, std::chrono::milliseconds(20));
  timer.async_wait([&](const boost::system::error_code&) {
    seen += "timer ";
    timerSeen.set_value();
  });
  asio::posix::stream_descriptor event(loop.context, ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  event.async_wait(asio::posix::stream_descriptor::wait_read, [&](const boost::system::error_code&) {
    seen += "descriptor ";
    descriptorSeen.set_value();
  });
  // The pauses are for the loop to wait again; whether it does changes no verdict.
  std::thread other([&] {
    timerSeen.get_future().wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    REQUIRE(::eventfd_write(event.native_handle(), 1) == 0);
    descriptorSeen.get_future().wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    asio::post(loop.context, [&] {
      seen += "post";
      loop.context.stop();
    });
  });
  loop.context.run();
  other.join();
  CHECK(seen == "timer descriptor post");
  CHECK(loop.poller.timeouts == 0);
  CHECK(loop.poller.turns < 20);
}

TEST_CASE("stop() from another thread ends a wait") {
  Loop loop;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    loop.context.stop();
  });
  loop.context.run();
  other.join();
  CHECK(loop.poller.timeouts == 0);
}

TEST_CASE("what a turn posts, or makes due, runs before the next turn waits") {
  Loop loop;
  asio::steady_timer timer(loop.context, std::chrono::hours(1));
  timer.async_wait([&](const boost::system::error_code& cancelled) {
    CHECK(cancelled == asio::error::operation_aborted);
    loop.context.stop();
  });
  loop.poller.serve = [&] {
    if (loop.poller.turns != 2) return false;
    asio::post(loop.context, [&] { timer.cancel(); });
    return true;
  };
  loop.context.run();
  CHECK(loop.poller.timeouts == 0);
  CHECK(loop.poller.flushes >= 2);  // before the posted task, too
}

TEST_CASE("no turn waits while handlers are queued, or when the context is only polled") {
  Loop loop;
  int left = 100;
  std::function<void()> again = [&] {
    if (--left == 0) return loop.context.stop();
    asio::post(loop.context, again);
  };
  asio::post(loop.context, again);
  loop.context.run();
  CHECK(loop.poller.turns >= 99);  // those who post again and again do not keep the sockets from their turns
  CHECK(loop.poller.waits == 0);

  loop.context.restart();
  loop.context.poll();
  CHECK(loop.poller.waits == 0);
}

TEST_CASE("a turn that throws is not the last") {
  Loop loop;
  loop.poller.serve = [&] {
    if (loop.poller.turns == 1) throw std::runtime_error("out of a turn");
    loop.context.stop();
    return false;
  };
  CHECK_THROWS_AS(loop.context.run(), std::runtime_error);
  loop.context.run();
  CHECK(loop.poller.turns == 2);
}

TEST_CASE("after stop() Asio waits by itself") {
  Loop loop;
  loop.wait.stop();
  bool fired = false;
  asio::steady_timer timer(loop.context, std::chrono::milliseconds(5));
  timer.async_wait([&](const boost::system::error_code&) {
    fired = true;
    loop.context.stop();
  });
  loop.context.run();
  CHECK(fired);
  CHECK(loop.poller.turns == 0);
}
