#include "testing/loopback.hpp"

#include <doctest/doctest.h>

#include <string>

#include "../session/talk.hpp"

using h3::test::kGet;
using h3::test::kGetAndClose;
using h3::test::kGetLater;
using h3::test::Loopback;
using h3::test::Talk;

namespace {

// A loopback to the routes of Talk.
struct Linked {
  explicit Linked(h3::Config config = h3::Config::testing()) : talk(std::move(config)) {}

  std::string say(std::string_view bytes) {
    std::string responses;
    link.exchange(bytes, responses);
    return responses;
  }

  Talk talk;
  boost::asio::io_context loop;
  Loopback link{talk.context, loop, talk.shelf, talk.shelf, "192.0.2.7"};
};

std::size_t responsesIn(const std::string& bytes) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != std::string::npos;
       at = bytes.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("requests get their responses, pipelined ones too") {
  Linked linked;
  CHECK(linked.say(kGet).ends_with("\r\n\r\n192.0.2.7"));
  std::string many;
  for (int i = 0; i < 200; ++i) many += kGet;  // more than one batch of pipelineDepth
  CHECK(responsesIn(linked.say(many)) == 200);
  CHECK(linked.say(kGet.substr(0, 9)).empty());
  CHECK(linked.say(kGet.substr(9)).starts_with("HTTP/1.1 200"));
  CHECK(linked.link.isOpen());
  CHECK(linked.talk.eventsInUse() == 0);
}

TEST_CASE("a closing response ends it, and nothing after is heard") {
  Linked linked;
  CHECK(responsesIn(linked.say(kGetAndClose + kGet)) == 1);
  CHECK_FALSE(linked.link.isOpen());
  CHECK(linked.link.isUnused());
  CHECK(linked.say(kGet).empty());
}

TEST_CASE("large bodies are sent whole, borrowed and streamed") {
  Linked linked;
  const std::string large = linked.say("GET /bytes/100000 HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  CHECK(responsesIn(large) == 2);
  CHECK(large.size() > 100'000);
}

TEST_CASE("a long request comes in pieces") {
  Linked linked;
  const std::string body(300'000, 'b');
  const std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body;
  CHECK(linked.say(bytes + kGet).find("posted") != std::string::npos);
  CHECK(responsesIn(linked.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n" + body)) ==
        1);
  CHECK_FALSE(linked.link.isOpen());
}

TEST_CASE("a client that leaves while a handler is deferred") {
  h3::Config config = h3::Config::testing();
  config.timeouts.handlerMs = 1;  // the test's route completes only when the test does
  Linked linked(config);
  CHECK(linked.say(kGetLater).starts_with("HTTP/1.1 504"));
  CHECK_FALSE(linked.link.isOpen());
  CHECK_FALSE(linked.link.isUnused());
  REQUIRE(linked.talk.later != nullptr);
  CHECK(linked.talk.later->disconnected());
  linked.talk.later->complete();
  CHECK(linked.link.isUnused());
  CHECK(linked.talk.eventsInUse() == 0);
}
