// http1_session.cpp and response_writer.cpp.
// Which responses a session queues, and what it counts and shows of them.
#include <doctest/doctest.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include "talk.hpp"

using namespace h3;
using namespace h3::test;
using session::Action;

namespace {

const std::string kGetKeptAlive = "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
const std::string kBadChunk = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\n";

std::string expecting(std::string_view path) {
  return std::string("POST ").append(path).append(
      " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
}

std::string getBytes(std::size_t count) {
  return "GET /bytes/" + std::to_string(count) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string responseTo(Talk& talk, const std::string& request) {
  CHECK((talk.process(request) == Action::send));
  return talk.takeOutput();
}

}  // namespace

TEST_CASE("a response has its type and its fields, and says to HTTP/1.0 that the connection stays open") {
  Talk talk;
  const std::string sent = responseTo(talk, getBytes(3));
  CHECK(has(sent, "Content-Type: text/plain\r\n"));
  CHECK(has(sent, "X-Own: 1\r\n"));
  CHECK_FALSE(has(sent, "Connection: "));
  CHECK(has(responseTo(talk, kGetKeptAlive), "Connection: keep-alive\r\n"));
}

TEST_CASE("to HEAD the length of GET's body, and none from a handler of its own that sends nothing") {
  Talk talk;
  const std::string sent = responseTo(talk, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(has(sent, "Content-Length: 9\r\n"));
  CHECK(sent.ends_with("\r\n\r\n"));
  CHECK_FALSE(has(responseTo(talk, "HEAD /own HTTP/1.1\r\nHost: a\r\n\r\n"), "Content-Length"));
}

TEST_CASE("how long an idle connection is kept is said to HTTP/1.1, and not with the last response") {
  Config config = Config::testing();
  config.timeouts.announceIdle = true;
  Talk talk(config);
  CHECK(has(responseTo(talk, kGet), "Keep-Alive: timeout="));
  CHECK_FALSE(has(responseTo(talk, kGetKeptAlive), "Keep-Alive: "));
  CHECK_FALSE(has(responseTo(talk, kGetAndClose), "Keep-Alive: "));
}

TEST_CASE("a body of up to 64 KiB is copied, of a larger one its start") {
  constexpr std::size_t kMaxCopied = 64 * 1024;
  Talk talk;
  for (const std::size_t count : {std::size_t{20'000}, kMaxCopied}) {
    CHECK(responseTo(talk, getBytes(count)).size() > count);
    CHECK_FALSE(talk.output.hasBody());
  }
  (void)responseTo(talk, getBytes(kMaxCopied + 1));
  CHECK(talk.output.borrowedBytes().size() == kMaxCopied + 1 - session::ResponseQueue::kCopiedStartBytes);
}

TEST_CASE("a source without a byte is asked for none") {
  Talk talk;
  (void)responseTo(talk, "GET /streamed HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::size_t rest = Talk::kStreamedBytes - session::ResponseQueue::kCopiedStartBytes;
  CHECK(talk.output.borrowedBytes().size() == rest);
  talk.output.consumeBorrowed(rest);
  CHECK_FALSE(talk.output.hasBody());
}

TEST_CASE("no further response is gathered once the output holds more than its limit") {
  Talk plain;
  const std::size_t size = responseTo(plain, kGet).size();
  for (const std::size_t more : {0, 1}) {
    Config config = Config::testing();
    config.limits.outputBytes = size - 1 + more;
    Talk talk(config);
    CHECK(responseTo(talk, kGet + kGet + kGet).size() == (1 + more) * size);
  }
}

TEST_CASE("a refusal is a response, and its hooks see as much of the request as was read") {
  Talk talk;
  CHECK(responseTo(talk, kBadChunk).starts_with("HTTP/1.1 400 "));
  CHECK(talk.lastPath == "/");
  CHECK(talk.context.takeResponseCount() == 1);
  CHECK((talk.process("more") == Action::wait));
  CHECK(talk.eventsInUse() == 0);
}

TEST_CASE("an interim response is counted") {
  Talk talk;
  CHECK(responseTo(talk, expecting("/")) == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(talk.monitor.total(Metric::responses1xx) == 1);
}

TEST_CASE("a response that no buffer can hold closes the connection") {
  const std::string almostAll(BufferPool::kLargestBytes - 10, 'x');
  for (const std::string& request : {kGet, kBadChunk, expecting("/none")}) {
    CAPTURE(request);
    Talk talk;
    talk.output.copied().append(almostAll);
    CHECK((talk.process(request) == Action::close));
  }
}

TEST_CASE("the latency of a deferred response ends when its handler has ended, or at its deadline") {
  for (const bool expires : {false, true}) {
    Talk talk;
    CHECK((talk.process(kGetLater) == Action::wait));
    const std::uint64_t before = talk.context.clock.ns();
    if (expires) CHECK((talk.http.expireHandler(talk.output) == Action::send));
    CHECK((talk.monitor.latencyQuantileNs(1) != 0) == expires);
    talk.later->sendText("later");
    talk.later->complete();
    CHECK(talk.context.clock.ns() > before);
    CHECK((talk.http.respondDeferred(talk.input, talk.output) == (expires ? Action::wait : Action::send)));
    CHECK(talk.monitor.latencyQuantileNs(1) != 0);
  }
}

TEST_CASE("a handler that was cancelled with its client has not failed: hooks see 499") {
  const auto aborted = [] {
    return std::make_exception_ptr(boost::system::system_error(boost::asio::error::operation_aborted));
  };
  for (const bool cancelled : {false, true}) {
    Talk talk;
    CHECK((talk.process(kGetLater) == Action::wait));
    CHECK_FALSE(talk.http.end());
    talk.later->fail(cancelled ? aborted() : std::make_exception_ptr(std::runtime_error("its own")));
    CHECK(talk.lastStatus == (cancelled ? 499 : 500));
    CHECK(talk.monitor.total(Metric::handlerErrors) == (cancelled ? 0 : 1));
    CHECK(talk.http.end());
  }
}
