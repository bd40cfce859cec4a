#include "server/connection_deadlines.hpp"

#include <doctest/doctest.h>

using h3::TimeoutConfig;
using h3::server::ConnectionDeadlines;
using h3::server::Pace;
using Action = ConnectionDeadlines::Action;
using Phase = ConnectionDeadlines::Phase;

namespace {

constexpr std::uint64_t kStartMs = 1'000'000;

TimeoutConfig distinctTimeouts() {
  TimeoutConfig timeouts;
  timeouts.headerMs = 100;
  timeouts.bodyGraceMs = 200;
  timeouts.bodyBytesPerSecond = 1000;
  timeouts.idleMs = 300;
  timeouts.writeMs = 400;
  timeouts.writeBytesPerSecond = 2000;
  timeouts.lingerMs = 500;
  timeouts.handlerMs = 600;
  return timeouts;
}

struct Deadlines {
  TimeoutConfig timeouts = distinctTimeouts();
  ConnectionDeadlines deadlines{timeouts};

  Deadlines() { deadlines.start(kStartMs); }
  Action after(std::uint64_t elapsedMs, Phase phase, std::uint64_t bodyBytes = 0) {
    return deadlines.check({phase, false, false, bodyBytes}, kStartMs + elapsedMs);
  }
  Action sendingAfter(std::uint64_t elapsedMs, std::uint64_t sentBytes, int unacknowledged = -1) {
    return deadlines.check({Phase::handling, true, false, 0, sentBytes, unacknowledged},
                           kStartMs + elapsedMs);
  }
  Action waitingAfter(std::uint64_t elapsedMs, bool sending = false) {
    ConnectionDeadlines::Activity activity{Phase::handling, sending, true, 0};
    activity.handlerMs = timeouts.handlerMs;
    return deadlines.check(activity, kStartMs + elapsedMs);
  }
};

}  // namespace

TEST_CASE("each phase has its deadline and its end") {
  const struct {
    Phase phase;
    std::uint64_t lastMs;
    Action late;
  } rows[] = {
      {Phase::idle, 300, Action::expire},
      {Phase::head, 100, Action::refuse},
      {Phase::body, 200, Action::refuse},
      {Phase::lingering, 500, Action::close},
  };
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.phase));
    Deadlines connection;
    CHECK((connection.after(row.lastMs, row.phase) == Action::none));
    CHECK((connection.after(row.lastMs + 1, row.phase) == row.late));
  }
}

TEST_CASE("a deferred handler has its deadline, also while earlier responses are sent; 0 is none") {
  Deadlines connection;
  CHECK((connection.waitingAfter(600) == Action::none));
  CHECK((connection.waitingAfter(601) == Action::expireHandler));
  CHECK((connection.waitingAfter(600, true) == Action::none));
  CHECK((connection.waitingAfter(601, true) == Action::expireHandler));
  connection.timeouts.handlerMs = 0;
  CHECK((connection.waitingAfter(1'000'000'000) == Action::none));
}

TEST_CASE("a response that is being sent is no handler that waits") {
  CHECK((Deadlines().after(1'000'000'000, Phase::handling) == Action::none));
}

TEST_CASE("a body that stalls is refused after the grace, whatever arrived before") {
  Deadlines connection;
  CHECK((connection.after(10, Phase::body, 500'000) == Action::none));
  CHECK((connection.after(210, Phase::body, 500'000) == Action::none));
  CHECK((connection.after(211, Phase::body, 500'000) == Action::refuse));
}

TEST_CASE("a body at the minimum rate is never refused, one below it is") {
  Deadlines connection;
  for (std::uint64_t ms = 50; ms <= 10'000; ms += 50)
    REQUIRE((connection.after(ms, Phase::body, ms) == Action::none));
  Deadlines half;
  for (std::uint64_t ms = 50; ms <= 400; ms += 50)
    REQUIRE((half.after(ms, Phase::body, ms / 2) == Action::none));
  CHECK((half.after(450, Phase::body, 225) == Action::refuse));
}

TEST_CASE(
    "while a handler does not read its body, the client owes nothing, and the handler has its deadline") {
  Deadlines all;
  const auto streaming = [&all](std::uint64_t elapsedMs, bool busy, std::uint64_t bodyBytes) {
    ConnectionDeadlines::Activity activity{Phase::streaming, false, busy, bodyBytes};
    activity.handlerWaits = !busy;
    activity.handlerMs = all.timeouts.handlerMs;
    return all.deadlines.check(activity, kStartMs + elapsedMs);
  };
  all.deadlines.followPhase(Phase::streaming, kStartMs);
  const std::uint32_t grace = all.timeouts.bodyGraceMs;
  CHECK(streaming(grace, false, 0) == Action::none);
  for (std::uint64_t ms = grace + 100; ms <= grace + all.timeouts.handlerMs; ms += 100)
    CHECK(streaming(ms, true, 0) == Action::none);
  const std::uint64_t readsAgain = grace + all.timeouts.handlerMs;
  CHECK(streaming(readsAgain, false, 0) == Action::none);
  CHECK(streaming(readsAgain + 1, false, 0) == Action::refuse);
  CHECK(streaming(readsAgain + all.timeouts.handlerMs + 1, true, 0) == Action::none);
  CHECK(streaming(readsAgain + all.timeouts.handlerMs + 2, true, 0) == Action::expireHandler);
  all.deadlines.restartHandler(kStartMs + readsAgain + all.timeouts.handlerMs + 2);
  CHECK(streaming(readsAgain + all.timeouts.handlerMs + 3, true, 0) == Action::none);
}

TEST_CASE("without a minimum a body may stall") {
  Deadlines connection;
  connection.timeouts.bodyBytesPerSecond = 0;
  CHECK((connection.after(1'000'000, Phase::body, 0) == Action::none));
}

TEST_CASE("the next request's body has a grace of its own") {
  Deadlines connection;
  CHECK((connection.after(190, Phase::body, 0) == Action::none));
  connection.deadlines.restartPhase(kStartMs + 195);
  CHECK((connection.after(395, Phase::body, 0) == Action::none));
  CHECK((connection.after(396, Phase::body, 0) == Action::refuse));
}

TEST_CASE("a phase's time runs from when it is entered, not from when it is seen again") {
  Deadlines connection;
  connection.deadlines.followPhase(Phase::head, kStartMs + 50);
  CHECK((connection.after(150, Phase::head) == Action::none));
  CHECK((connection.after(151, Phase::head) == Action::refuse));
  connection.deadlines.followPhase(Phase::head, kStartMs + 120);
  CHECK((connection.after(151, Phase::head) == Action::refuse));
  connection.deadlines.restartPhase(kStartMs + 120);
  CHECK((connection.after(220, Phase::head) == Action::none));
  CHECK((connection.after(221, Phase::head) == Action::refuse));
}

TEST_CASE("a client that takes nothing is reset, in whichever phase") {
  for (const Phase phase : {Phase::idle, Phase::head, Phase::body, Phase::handling, Phase::lingering}) {
    Deadlines connection;
    const auto check = [&](std::uint64_t ms) {
      return connection.deadlines.check({phase, true, 0, 5'000, 1'000}, kStartMs + ms);
    };
    CHECK((check(100) == Action::none));
    CHECK((check(500) == Action::none));
    CHECK((check(501) == Action::reset));
  }
}

TEST_CASE("bytes that the kernel accepts buy no time, bytes that the client takes do") {
  Deadlines connection;
  CHECK((connection.sendingAfter(0, 1'000, 1'000) == Action::none));
  CHECK((connection.sendingAfter(200, 9'000, 9'000) == Action::none));
  CHECK((connection.sendingAfter(300, 9'000, 8'800) == Action::none));  // 200 bytes, 100 ms
  CHECK((connection.sendingAfter(500, 9'000, 8'800) == Action::none));
  CHECK((connection.sendingAfter(501, 9'000, 8'800) == Action::reset));
}

TEST_CASE("a client at the minimum rate keeps its connection, one that drips does not") {
  Deadlines connection;
  for (std::uint64_t ms = 0; ms <= 10'000; ms += 50)
    REQUIRE((connection.sendingAfter(ms, 100'000 + ms * 2, 100'000) == Action::none));
  Deadlines half;
  for (std::uint64_t ms = 0; ms <= 800; ms += 50)
    REQUIRE((half.sendingAfter(ms, 100'000 + ms, 100'000) == Action::none));
  CHECK((half.sendingAfter(850, 100'850, 100'000) == Action::reset));
}

TEST_CASE("without a minimum any byte is enough") {
  Deadlines connection;
  connection.timeouts.writeBytesPerSecond = 0;
  for (std::uint64_t ms = 0; ms <= 10'000; ms += 400)
    REQUIRE((connection.sendingAfter(ms, 100'000 + ms / 400, 100'000) == Action::none));
  CHECK((connection.sendingAfter(10'401, 100'025, 100'000) == Action::reset));
}

TEST_CASE("a client that has taken everything has its whole time again") {
  Deadlines connection;
  CHECK((connection.sendingAfter(0, 100, 100) == Action::none));
  CHECK((connection.sendingAfter(390, 100, 0) == Action::none));  // these bytes alone buy 50 ms
  CHECK((connection.sendingAfter(790, 101, 1) == Action::none));
  CHECK((connection.sendingAfter(791, 101, 1) == Action::reset));
}

TEST_CASE("an unknown number of unacknowledged bytes: what the kernel accepts counts") {
  Deadlines connection;
  CHECK((connection.sendingAfter(0, 1'000) == Action::none));
  CHECK((connection.sendingAfter(400, 2'000) == Action::none));
  CHECK((connection.sendingAfter(800, 2'000) == Action::none));
  CHECK((connection.sendingAfter(801, 2'000) == Action::reset));
}

TEST_CASE("more unacknowledged bytes than were sent: none were taken") {
  Deadlines connection;
  CHECK((connection.sendingAfter(0, 100, 5'000) == Action::none));
  CHECK((connection.sendingAfter(300, 6'000, 5'000) == Action::none));
  CHECK((connection.sendingAfter(700, 6'000, 5'000) == Action::none));
  CHECK((connection.sendingAfter(701, 6'000, 5'000) == Action::reset));
}

TEST_CASE("bytes that were sent within a body's phase buy the body no time") {
  Deadlines connection;
  CHECK((connection.after(10, Phase::body, 0) == Action::none));
  CHECK(
      (connection.deadlines.check({Phase::body, true, false, 0, 1'000, 0}, kStartMs + 100) == Action::none));
  CHECK((connection.after(200, Phase::body, 0) == Action::none));
  CHECK((connection.after(201, Phase::body, 0) == Action::refuse));
}

TEST_CASE("a client that has nothing to do has no pace") {
  Deadlines connection;
  CHECK((connection.sendingAfter(0, 1'000, 1'000) == Action::none));
  CHECK((connection.sendingAfter(250, 1'000, 0) == Action::none));
  CHECK((connection.sendingAfter(300, 2'000, 1'000) == Action::none));
  CHECK(connection.deadlines.bytesPerSecond() != Pace::kUnknown);
  CHECK((connection.after(310, Phase::idle) == Action::expire));
  CHECK(connection.deadlines.bytesPerSecond() == Pace::kUnknown);
}

TEST_CASE("the next response has its time from its own start") {
  Deadlines connection;
  CHECK((connection.sendingAfter(0, 1'000, 1'000) == Action::none));
  CHECK((connection.after(100, Phase::handling) == Action::none));
  CHECK((connection.sendingAfter(300, 2'000, 2'000) == Action::none));
  CHECK((connection.sendingAfter(700, 2'000, 2'000) == Action::none));
  CHECK((connection.sendingAfter(701, 2'000, 2'000) == Action::reset));
}

TEST_CASE("a new connection starts from the beginning") {
  Deadlines connection;
  connection.deadlines.followPhase(Phase::lingering, kStartMs + 100);
  CHECK((connection.sendingAfter(100, 1'000, 1'000) == Action::none));
  connection.deadlines.start(kStartMs + 1000);
  CHECK((connection.after(1300, Phase::idle) == Action::none));
  CHECK((connection.after(1301, Phase::idle) == Action::expire));
  CHECK((connection.sendingAfter(1400, 1'000, 1'000) == Action::none));
  connection.deadlines.followPhase(Phase::lingering, kStartMs + 1200);
  CHECK((connection.after(1701, Phase::lingering) == Action::close));
  CHECK((connection.after(1700, Phase::lingering) == Action::none));
}
