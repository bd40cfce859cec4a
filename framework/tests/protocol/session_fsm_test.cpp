#include "protocol/session_fsm.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "request_corpus.hpp"

using h3::protocol::RequestHead;
using h3::protocol::SessionFsm;
using h3::test::corpusLimits;
using Action = SessionFsm::Action;
using Phase = SessionFsm::Phase;

namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kExpecting =
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";

// A session and the bytes that it has not consumed.
struct Session {
  h3::protocol::Limits limits = corpusLimits();
  SessionFsm fsm{limits};
  RequestHead head;
  std::string data;

  Action next(std::string_view more = "") {
    data += more;
    return fsm.next(data.data(), data.size(), head);
  }
  void respond(bool keepAlive) {
    fsm.responded(keepAlive);
    data.erase(0, fsm.reader().consumed());
  }
};

void checkLingersForEver(Session& session) {
  CHECK(session.fsm.phase() == Phase::lingering);
  for (int i = 0; i < 3; ++i) CHECK(session.next(kGet) == Action::needInput);
  session.data.clear();
  CHECK(session.next(kGet) == Action::needInput);
  CHECK(session.fsm.phase() == Phase::lingering);
}

}  // namespace

TEST_CASE("keep-alive: idle, head, body, handling, idle") {
  Session session;
  CHECK(session.fsm.phase() == Phase::idle);
  CHECK(session.next() == Action::needInput);
  CHECK(session.fsm.phase() == Phase::idle);
  CHECK(session.next("POST / HTTP/1.1\r\nHost: a\r\n") == Action::needInput);
  CHECK(session.fsm.phase() == Phase::head);
  CHECK(session.next("Content-Length: 3\r\n\r\na") == Action::needInput);
  CHECK(session.fsm.phase() == Phase::body);
  CHECK(session.next("bc") == Action::dispatch);
  CHECK(session.fsm.phase() == Phase::handling);
  session.respond(true);
  CHECK(session.fsm.phase() == Phase::idle);
  CHECK(session.next() == Action::needInput);
}

TEST_CASE("pipelined requests are dispatched one by one, the next after the last response") {
  Session session;
  CHECK(session.next(kGet + kGet + kGet) == Action::dispatch);
  CHECK(session.next() == Action::needInput);
  CHECK(session.next(kGet) == Action::needInput);
  for (int i = 0; i < 3; ++i) {
    session.respond(true);
    CHECK(session.next() == Action::dispatch);
  }
  session.respond(true);
  CHECK(session.next() == Action::needInput);
  CHECK(session.data.empty());
}

TEST_CASE("nothing follows a response that closes") {
  Session session;
  CHECK(session.next(kGet + kGet) == Action::dispatch);
  session.respond(false);
  checkLingersForEver(session);
}

TEST_CASE("nothing follows a refusal") {
  for (const std::string bad : {"GET  / HTTP/1.1\r\n", "GET / HTTP/9.9\r\n", "GET / HTTP/1.1\r\n\r\n"}) {
    Session session;
    CHECK(session.next(kGet) == Action::dispatch);
    session.respond(true);
    CHECK(session.next(bad + kGet) == Action::refuse);
    CHECK(session.fsm.status() >= 400);
    checkLingersForEver(session);
  }
}

TEST_CASE("nothing follows a refusal within a body") {
  Session session;
  CHECK(session.next("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") ==
        Action::needInput);
  CHECK(session.next("1 \r\n" + kGet) == Action::refuse);
  CHECK(session.fsm.status() == 400);
  checkLingersForEver(session);
}

TEST_CASE("an expectation is reported once, then the body is awaited") {
  Session session;
  CHECK(session.next(kExpecting) == Action::askContinue);
  CHECK(session.fsm.phase() == Phase::body);
  CHECK(session.next() == Action::needInput);
  CHECK(session.fsm.phase() == Phase::body);
  CHECK(session.next("hi" + kGet) == Action::dispatch);
  session.respond(true);
  CHECK(session.next() == Action::dispatch);
}

TEST_CASE("a refused expectation: the body that comes anyway is no request") {
  Session session;
  CHECK(session.next(kExpecting) == Action::askContinue);
  session.fsm.refused();
  checkLingersForEver(session);
}

TEST_CASE("a deadline's refusal in any phase ends the session") {
  for (const std::string sent : {"GET", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n1"}) {
    Session session;
    CHECK(session.next(sent) == Action::needInput);
    session.fsm.refused();
    checkLingersForEver(session);
  }
}

TEST_CASE("a new connection starts from idle, whatever the last one ended in") {
  Session session;
  CHECK(session.next("\n") == Action::refuse);
  session.fsm.reset();
  session.data.clear();
  CHECK(session.next(kGet) == Action::dispatch);
  session.fsm.reset();
  session.data.clear();
  CHECK(session.next("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n1") == Action::needInput);
  session.fsm.reset();
  session.data.clear();
  CHECK(session.next(kGet) == Action::dispatch);
}
