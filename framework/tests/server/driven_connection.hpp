// A Connection on a FakeReactor, served as a worker would.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "app/body_source.hpp"
#include "fake_reactor.hpp"
#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "h3http/monitor.hpp"
#include "server/batch.hpp"
#include "server/connection_context.hpp"

namespace h3::test {

// Requests of its routes.
inline const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
inline const std::string kGetAndClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
inline const std::string kGetLarge = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";
inline const std::string kGetLater = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";

/// Routes: GET / "hello"; GET /large kLargeBytes; GET /pieces all of `pieces`, as a BodySource; GET /later,
/// which responds with completeLater(), GET /later/limited the same within kLimitedMs; GET /instant, deferred and completed immediately; POST /echo.
class DrivenConnection {
 public:
  static constexpr std::size_t kLargeBytes = 200'000;
  static constexpr std::string_view kAddress = "192.0.2.1";
  static constexpr std::uint32_t kLimitedMs = 300;

  explicit DrivenConnection(Config settings = Config::testing());

  /// These bytes arrive, with an edge of these events, and all that can be done is done.
  void arrive(std::string_view bytes, std::uint32_t events = EPOLLIN) {
    reactor.arrive(bytes);
    raise(events);
  }
  void arriveEnd(std::uint32_t events = EPOLLIN | EPOLLRDHUP) {
    reactor.arriveEnd();
    raise(events);
  }
  /// An edge, then batches until nothing is ready. Returns how many.
  int raise(std::uint32_t events) {
    connection.onReady(events);
    return serve();
  }
  int serve();
  /// One batch.
  void serveOnce();
  /// The handler of GET /later responds.
  void completeLater() { completeLaterWith("later"); }
  void completeLaterWith(std::string_view text);
  /// The clock stands still but for this, and for completeLater().
  void letTimePass();
  /// `milliseconds` from now.
  void checkDeadlinesAfter(std::uint64_t milliseconds) {
    connection.checkDeadlines(session.clock.ms() + milliseconds);
    serve();
  }

  std::string takeSent() { return reactor.takeSent(); }
  /// The connection is closed, has released all that it held, and may be used for another client.
  bool isRecycled();
  std::size_t eventsInUse() const { return session.services.events.stats().inUse; }
  std::size_t buffersInUse();
  std::uint64_t count(Metric metric) const { return context.counters.read(metric); }

 private:
  Config config_;
  App app_;
  Monitor monitor_;

 public:
  std::deque<BodySource::Piece> pieces;  ///< of GET /pieces
  std::uint64_t piecesBytes = 0;         ///< what it announces
  Event* later = nullptr;                ///< of GET /later, not completed
  Deferred handle;                       ///< of the last GET /later
  int hooks = 0;                         ///< onResponse hooks that have run
  FakeReactor reactor;
  server::ConnectionLimiter limiter;
  session::SessionContext session;
  server::ConnectionContext context;
  server::Connection connection;
  std::size_t recycled = 0;
};

/// "HTTP/1.1 200 OK" and so on: the status lines of these responses, joined by '|'.
std::string statusesOf(std::string_view sent);
/// Behind the first head.
std::string_view bodyOf(std::string_view sent);

}  // namespace h3::test
