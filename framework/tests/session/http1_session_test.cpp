// A session alone: bytes in, responses and actions out.
#include "session/http1_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "talk.hpp"

using namespace h3;
using namespace h3::test;
using session::Action;
using session::Phase;

namespace {

const std::string kGetLarge = "GET /bytes/100000 HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kHalfBody = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf";

}  // namespace

TEST_CASE("a request becomes a response, and its bytes are consumed") {
  Talk talk;
  CHECK(talk.http.isIdle());
  CHECK((talk.process(kGet) == Action::send));
  CHECK(talk.input.empty());
  CHECK(talk.eventsInUse() == 0);
  CHECK_FALSE(talk.http.canProcess(talk.input, talk.output));
  CHECK_FALSE(talk.http.wantsInput(talk.input, talk.output));  // first the response goes out
  const std::string sent = talk.takeOutput();
  CHECK(sent.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(sent.ends_with(Talk::kAddress));
  CHECK(talk.http.wantsInput(talk.input, talk.output));
  CHECK(talk.http.isIdle());
  CHECK(talk.context.takeResponseCount() == 1);
  CHECK(talk.context.takeResponseCount() == 0);
}

TEST_CASE("a part of a request waits for more input") {
  Talk talk;
  CHECK((talk.process(kGet.substr(0, 10)) == Action::wait));
  CHECK((talk.http.phase() == Phase::head));
  CHECK_FALSE(talk.http.canProcess(talk.input, talk.output));
  CHECK(talk.http.wantsInput(talk.input, talk.output));
  talk.receive(kGet.substr(10));
  CHECK(talk.http.canProcess(talk.input, talk.output));
  CHECK_FALSE(talk.http.wantsInput(talk.input, talk.output));
  CHECK((talk.process() == Action::send));
}

TEST_CASE("responses before a part of a request are to be sent") {
  Talk talk;
  CHECK((talk.process(kGet + kHalfBody) == Action::send));
  CHECK((talk.http.phase() == Phase::body));
  CHECK(talk.http.bodyBytesSeen() == 4);
  CHECK(talk.eventsInUse() == 1);
}

TEST_CASE("a closing response is the last, and the session ends with it") {
  Talk talk;
  CHECK_FALSE(talk.http.hasSentLast());
  CHECK((talk.process(kGetAndClose + kGet) == Action::send));
  CHECK(talk.http.hasSentLast());
  CHECK(talk.input.empty());
  (void)talk.takeOutput();
  CHECK((talk.process(kGet) == Action::wait));
  CHECK(talk.takeOutput().empty());
}

TEST_CASE("a session may close when its input has ended, or between requests of a server that stops") {
  Talk talk;
  CHECK_FALSE(talk.http.mayClose(false));
  CHECK(talk.http.mayClose(true));
  CHECK((talk.process(kGet.substr(0, 5)) == Action::wait));
  talk.http.drain();
  CHECK_FALSE(talk.http.mayClose(false));
  CHECK((talk.process(kGet.substr(5)) == Action::send));
  CHECK(talk.takeOutput().find("Connection: close") != std::string::npos);
  CHECK(talk.http.hasSentLast());
  talk.http.open(Talk::kAddress);
  CHECK(talk.http.isIdle());
  CHECK_FALSE(talk.http.mayClose(false));
  talk.http.drain();
  CHECK_FALSE(talk.http.isIdle());
  CHECK(talk.http.mayClose(false));
}

TEST_CASE("a large body is lent to the output, and the request ends when it is sent") {
  Talk talk;
  CHECK((talk.process(kGetLarge + kGet) == Action::send));
  CHECK(talk.output.borrowedBytes().size() == 100'000 - session::ResponseQueue::kCopiedStartBytes);
  CHECK((talk.http.phase() == Phase::handling));
  CHECK(talk.eventsInUse() == 1);
  (void)talk.takeOutput();
  CHECK_FALSE(talk.http.canProcess(talk.input, talk.output));
  talk.output.consumeBorrowed(talk.output.borrowedBytes().size());
  talk.http.bodySent(talk.input);
  CHECK(talk.eventsInUse() == 0);
  CHECK(talk.input.size() == kGet.size());
  CHECK(talk.http.canProcess(talk.input, talk.output));
}

TEST_CASE("a request that takes too long is refused, whatever of it has been read") {
  for (const std::string_view begun : {std::string_view(kGet).substr(0, 5), std::string_view(kHalfBody)}) {
    Talk talk;
    CHECK((talk.process(begun) == Action::wait));
    CHECK((talk.http.refuseLate(talk.input, talk.output) == Action::send));
    CHECK(talk.takeOutput().starts_with("HTTP/1.1 408 "));
    CHECK(talk.http.hasSentLast());
    CHECK(talk.http.canProcess(talk.input, talk.output));  // to discard what has been read
  }
}

TEST_CASE("the hooks of a late request see no bytes that may have moved") {
  Talk talk;
  CHECK((talk.process(kGet) == Action::send));
  CHECK(talk.lastPath == "/");
  (void)talk.takeOutput();
  CHECK((talk.process("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n") ==
         Action::send));
  CHECK(talk.takeOutput() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK((talk.http.refuseLate(talk.input, talk.output) == Action::send));
  CHECK(talk.lastPath.empty());
}

TEST_CASE("what one client sent after its last response does not count against the next") {
  const std::string piece(8 * 1024, 'x');
  Talk talk;
  for (int client = 0; client < 2; ++client) {
    talk.http.open(Talk::kAddress);
    CHECK((talk.process(kGetAndClose) == Action::send));
    (void)talk.takeOutput();
    bool closed = false;
    for (int i = 0; i < 5'000; ++i) closed = closed || talk.process(piece) == Action::close;
    CHECK_FALSE(closed);
  }
}

TEST_CASE("only a body within a request has gaps to close and a length to expect") {
  Talk talk;
  CHECK((talk.process(kGet.substr(0, 5)) == Action::wait));
  CHECK(talk.http.compact(talk.input) == 0);
  talk.http.open(Talk::kAddress);
  talk.input.clear();
  (void)talk.http.end();
  CHECK((talk.process(kHalfBody) == Action::wait));
  CHECK(talk.http.compact(talk.input) == kHalfBody.size() + 5);
  CHECK(talk.input.size() == kHalfBody.size());
  talk.http.open(Talk::kAddress);
  talk.input.clear();
  (void)talk.http.end();
  CHECK(
      (talk.process("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n") ==
       Action::wait));
  const std::size_t before = talk.input.size();
  CHECK(talk.http.compact(talk.input) == 0);
  CHECK(talk.input.size() < before);
}

TEST_CASE("a deferred handler: the request and its bytes stay until it ends") {
  Talk talk;
  CHECK((talk.process(kGetLater + kGet) == Action::wait));
  REQUIRE(talk.later != nullptr);
  CHECK(talk.http.awaitsHandler());
  CHECK_FALSE(talk.http.wantsInput(talk.input, talk.output));
  CHECK_FALSE(talk.http.canProcess(talk.input, talk.output));
  talk.later->sendText("later");
  talk.later->complete();
  CHECK(talk.completions == 1);
  CHECK(talk.completedLater);
  CHECK_FALSE(talk.http.awaitsHandler());
  CHECK((talk.http.respondDeferred(talk.input, talk.output) == Action::send));
  CHECK(talk.takeOutput().ends_with("later"));
  CHECK(talk.input.size() == kGet.size());
  CHECK(talk.context.takeResponseCount() == 0);  // its latency is recorded apart
}

TEST_CASE("a session that ends under a deferred handler keeps the event until that has ended") {
  Talk talk;
  CHECK((talk.process(kGetLater) == Action::wait));
  REQUIRE(talk.later != nullptr);
  CHECK_FALSE(talk.later->disconnected());
  CHECK_FALSE(talk.http.end());
  CHECK(talk.later->disconnected());
  CHECK(talk.eventsInUse() == 1);
  talk.later->sendText("later");
  talk.later->complete();
  CHECK(talk.completedLater);
  CHECK(talk.http.end());
  CHECK(talk.eventsInUse() == 0);
}

TEST_CASE("a handler that takes too long: 504 in its place, and its event and input stay until it ends") {
  Talk talk;
  CHECK((talk.process(kGetLater + kGet) == Action::wait));
  Event& event = *talk.later;
  const std::string_view path = event.path();
  CHECK((talk.http.expireHandler(talk.output) == Action::send));
  const std::string sent = talk.takeOutput();
  CHECK(sent.starts_with("HTTP/1.1 504 Gateway Timeout\r\n"));
  CHECK(sent.find("Connection: close\r\n") != std::string::npos);
  CHECK(talk.lastPath == "/later");
  CHECK(talk.http.hasSentLast());
  CHECK(talk.http.awaitsHandler());
  CHECK_FALSE(talk.http.wantsInput(talk.input, talk.output));
  CHECK_FALSE(talk.http.canProcess(talk.input, talk.output));
  CHECK(path == "/later");
  CHECK(talk.eventsInUse() == 1);
  talk.lastPath.clear();
  event.sendText("too late");
  event.complete();
  CHECK(talk.completedLater);
  CHECK(talk.lastPath.empty());  // the hooks have run with the 504
  CHECK((talk.http.respondDeferred(talk.input, talk.output) == Action::wait));
  CHECK(talk.output.empty());
  CHECK(talk.eventsInUse() == 0);
  CHECK(talk.http.hasSentLast());
  CHECK(talk.input.empty());
  CHECK((talk.process(kGet) == Action::wait));  // discarded: the connection ends
  CHECK(talk.output.empty());
  CHECK(talk.monitor.total(Metric::handlersTimedOut) == 1);
  CHECK(talk.monitor.total(Metric::responses5xx) == 1);
}

TEST_CASE("only a deferred handler is cancelled") {
  Talk talk;
  talk.http.cancelHandler();
  CHECK((talk.process(kGet) == Action::send));
  talk.http.cancelHandler();
  (void)talk.takeOutput();
  CHECK((talk.process(kGetLater) == Action::wait));
  CHECK_FALSE(talk.later->disconnected());
  talk.http.cancelHandler();
  CHECK(talk.later->disconnected());
  talk.later->sendText("later");
  talk.later->complete();
}
