// Bodies that a session reads and writes piece by piece: bytes in, pieces and responses out.
#include <doctest/doctest.h>

#include <string>

#include "session/http1_session.hpp"
#include "talk.hpp"

using namespace h3;
using namespace h3::test;
using session::Action;
using session::Phase;

namespace {

const std::string kUploadOf9 = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n";
const std::string kUploadChunks = "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kDownload = "GET /download HTTP/1.1\r\nHost: a\r\n\r\n";

std::string bodyIn(const std::string& sent) { return sent.substr(sent.find("\r\n\r\n") + 4); }

}  // namespace

TEST_CASE("a handler is called behind the head, and gets what has arrived each time") {
  Talk talk;
  CHECK((talk.process(kUploadOf9) == Action::wait));
  CHECK((talk.http.phase() == Phase::streaming));
  CHECK(talk.http.handlerWaits());
  CHECK(talk.http.wantsInput(talk.input, talk.output));
  CHECK((talk.process("four") == Action::wait));
  CHECK(talk.uploaded == "four|");
  CHECK((talk.process("five!") == Action::send));
  CHECK(talk.uploaded == "four|five!||");
}

TEST_CASE("what follows a streamed body is the next request") {
  Talk talk;
  CHECK((talk.process(kUploadOf9 + "ninebytes" + kGet) == Action::send));
  CHECK(talk.uploaded == "ninebytes||");
  CHECK(talk.takeOutput().ends_with("read"));
  CHECK((talk.http.phase() == Phase::idle));
  CHECK((talk.process() == Action::send));
  CHECK(talk.takeOutput().ends_with(Talk::kAddress));
  CHECK(talk.eventsInUse() == 0);
}

TEST_CASE("chunks reach the handler without their framing, wherever they are cut") {
  const std::string body = "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nSum: 7\r\n\r\n";
  for (std::size_t cut = 1; cut < body.size(); ++cut) {
    CAPTURE(cut);
    Talk talk;
    CHECK((talk.process(kUploadChunks) == Action::wait));
    (void)talk.process(body.substr(0, cut));
    CHECK((talk.process(body.substr(cut)) == Action::send));
    std::string all;
    for (const char byte : talk.uploaded)
      if (byte != '|') all += byte;
    CHECK(all == "abcdefg");
    CHECK(talk.uploaded.ends_with("||"));
    CHECK(talk.takeOutput().ends_with("read"));
    CHECK(talk.input.empty());
  }
}

TEST_CASE("pieces take the room of those before them, so the buffer neither moves nor grows") {
  Talk talk;
  (void)talk.process("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  const char* const data = talk.input.data();
  const std::size_t capacity = talk.input.capacity();
  for (int i = 0; i < 99; ++i) CHECK((talk.process(std::string(1000, 'x')) == Action::wait));
  CHECK(talk.input.data() == data);
  CHECK(talk.input.capacity() == capacity);
  CHECK((talk.process(std::string(1000, 'x')) == Action::send));
  CHECK(talk.takeOutput().ends_with("read"));
}

TEST_CASE("a body beyond its route's limit is refused before its handler") {
  Talk talk;
  CHECK((talk.process("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n") == Action::send));
  CHECK(talk.takeOutput().starts_with("HTTP/1.1 413"));
  CHECK(talk.uploaded.empty());
  CHECK((talk.http.phase() == Phase::lingering));
}

TEST_CASE("a chunk that is malformed, and a client that is too slow, are the handler's error") {
  Talk bad;
  (void)bad.process(kUploadChunks + "3\r\nabc\r\n");
  CHECK((bad.process("x") == Action::send));
  CHECK(bad.uploaded == "abc|");
  CHECK(bad.takeOutput().starts_with("HTTP/1.1 400"));
  CHECK((bad.http.phase() == Phase::lingering));
  Talk slow;
  (void)slow.process(kUploadOf9 + "some");
  CHECK((slow.http.refuseLate(slow.input, slow.output) == Action::send));
  CHECK(slow.takeOutput().starts_with("HTTP/1.1 408"));
  CHECK((slow.http.phase() == Phase::lingering));
}

TEST_CASE("a closed session ends the handler that waits for its body") {
  Talk talk;
  (void)talk.process(kUploadOf9 + "some");
  CHECK_FALSE(talk.http.end());
  CHECK(talk.completions == 1);
  CHECK(talk.completedLater);
  CHECK(talk.http.end());
  CHECK(talk.eventsInUse() == 0);
  CHECK(talk.lastStatus == 499);
}

TEST_CASE("small pieces are copied and framed, and the response ends with an empty chunk") {
  Talk talk;
  talk.toSend = {"abc", "0123456789abcdef"};
  CHECK((talk.process(kDownload) == Action::send));
  const std::string sent = talk.takeOutput();
  CHECK(sent.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(sent.find("Content-Length") == std::string::npos);
  CHECK(bodyIn(sent) == "3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
  CHECK((talk.http.phase() == Phase::idle));
  CHECK(talk.lastStatus == 200);
}

TEST_CASE("a large piece is lent until it is sent, and its frame is closed by what follows") {
  Talk talk;
  talk.toSend = {std::string(20'000, 'L'), "small"};
  CHECK((talk.process(kDownload) == Action::send));
  CHECK(bodyIn(talk.takeOutput()) == "4e20\r\n");
  CHECK(talk.output.borrowedBytes() == std::string(20'000, 'L'));
  CHECK_FALSE(talk.http.canResume(talk.output));
  talk.output.consumeBorrowed(20'000);
  talk.http.bodySent(talk.input);
  REQUIRE(talk.http.canResume(talk.output));
  CHECK((talk.http.resume(talk.input, talk.output) == Action::send));
  CHECK(talk.takeOutput() == "\r\n5\r\nsmall\r\n0\r\n\r\n");
  CHECK((talk.http.phase() == Phase::idle));
}

TEST_CASE("a handler that takes too long within its response has it cut") {
  Talk talk;
  talk.toSend = {std::string(20'000, 'L')};
  (void)talk.process(kDownload);
  CHECK((talk.http.expireHandler(talk.output) == Action::close));
  CHECK_FALSE(talk.http.end());
  CHECK(talk.http.end());
  CHECK(talk.eventsInUse() == 0);
}
