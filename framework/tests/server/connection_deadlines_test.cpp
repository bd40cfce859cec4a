#include "server/connection_deadlines.hpp"

#include <doctest/doctest.h>

using h3::TimeoutConfig;
using h3::server::ConnectionDeadlines;
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
  timeouts.lingerMs = 500;
  return timeouts;
}

struct Deadlines {
  TimeoutConfig timeouts = distinctTimeouts();
  ConnectionDeadlines deadlines{timeouts};

  Deadlines() { deadlines.start(kStartMs); }
  Action after(std::uint64_t elapsedMs, Phase phase, std::uint64_t bodyBytes = 0) const {
    return deadlines.check({phase, false, bodyBytes}, kStartMs + elapsedMs);
  }
  Action sendingAfter(std::uint64_t elapsedMs, Phase phase = Phase::idle) const {
    return deadlines.check({phase, true, 0}, kStartMs + elapsedMs);
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

TEST_CASE("a handler may take as long as it likes") {
  CHECK((Deadlines().after(1'000'000'000, Phase::handling) == Action::none));
}

TEST_CASE("after its grace a body must have kept up the rate since it began") {
  Deadlines connection;
  CHECK((connection.after(201, Phase::body, 200) == Action::refuse));
  CHECK((connection.after(201, Phase::body, 201) == Action::none));
  CHECK((connection.after(10'000, Phase::body, 9'999) == Action::refuse));
  CHECK((connection.after(10'000, Phase::body, 10'000) == Action::none));
  connection.timeouts.bodyBytesPerSecond = 0;
  CHECK((connection.after(1'000'000, Phase::body, 0) == Action::none));
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

TEST_CASE("while output waits only the client's progress counts") {
  Deadlines connection;
  CHECK((connection.sendingAfter(400) == Action::none));
  CHECK((connection.sendingAfter(401) == Action::expire));
  connection.deadlines.recordWrite(kStartMs + 300);
  for (const Phase phase : {Phase::idle, Phase::head, Phase::body, Phase::handling, Phase::lingering}) {
    CHECK((connection.sendingAfter(700, phase) == Action::none));
    CHECK((connection.sendingAfter(701, phase) == Action::expire));
  }
}

TEST_CASE("a client whose unacknowledged bytes become fewer makes progress") {
  Deadlines connection;
  connection.deadlines.recordUnacknowledged(1000, kStartMs + 100);  // more than before
  CHECK((connection.sendingAfter(401) == Action::expire));
  connection.deadlines.recordUnacknowledged(1000, kStartMs + 200);  // as many
  CHECK((connection.sendingAfter(401) == Action::expire));
  connection.deadlines.recordUnacknowledged(-1, kStartMs + 300);  // unknown
  CHECK((connection.sendingAfter(401) == Action::expire));
  connection.deadlines.recordUnacknowledged(999, kStartMs + 390);
  CHECK((connection.sendingAfter(790) == Action::none));
  CHECK((connection.sendingAfter(791) == Action::expire));
}

TEST_CASE("a new connection starts from the beginning") {
  Deadlines connection;
  connection.deadlines.followPhase(Phase::lingering, kStartMs + 100);
  connection.deadlines.recordUnacknowledged(1000, kStartMs + 100);
  connection.deadlines.start(kStartMs + 1000);
  CHECK((connection.after(1300, Phase::idle) == Action::none));
  CHECK((connection.after(1301, Phase::idle) == Action::expire));
  connection.deadlines.recordUnacknowledged(10, kStartMs + 1200);  // fewer than the last client's
  CHECK((connection.sendingAfter(1401) == Action::expire));
  connection.deadlines.followPhase(Phase::lingering, kStartMs + 1200);
  CHECK((connection.after(1701, Phase::lingering) == Action::close));
  CHECK((connection.after(1700, Phase::lingering) == Action::none));
}
