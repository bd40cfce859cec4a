// request_reader.cpp, head_scanner.cpp, head_parser.cpp and chunked_decoder.cpp.
// A request means the same however its bytes were split on the way, and wherever they lie.
#include <doctest/doctest.h>

#include <string>

#include "request_corpus.hpp"
#include "session_feeder.hpp"

using namespace h3::test;

namespace {

SessionResult readByteByByte(const std::string& bytes, bool compacting) {
  SessionFeeder feeder(corpusLimits(), compacting);
  for (std::size_t i = 0; i < bytes.size(); ++i) feeder.feed(std::string_view(bytes).substr(i, 1));
  return feeder.result();
}

SessionResult readInTwo(const std::string& bytes, std::size_t cut) {
  SessionFeeder feeder(corpusLimits());
  feeder.feed(std::string_view(bytes).substr(0, cut));
  feeder.feed(std::string_view(bytes).substr(cut));
  return feeder.result();
}

void checkSplits(const std::string& bytes, const SessionResult& whole) {
  CHECK(readByteByByte(bytes, false) == whole);
  SessionResult compacted = readByteByByte(bytes, true);
  CHECK(compacted == whole);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    const SessionResult inTwo = readInTwo(bytes, cut);
    if (inTwo == whole) continue;
    CAPTURE(cut);
    CHECK(inTwo == whole);
    break;
  }
}

}  // namespace

TEST_CASE("every good request, split at every byte") {
  for (const GoodRequest& request : goodRequests()) {
    CAPTURE(request.name);
    const SessionResult whole = readWhole(request.bytes, corpusLimits());
    REQUIRE(whole.requests.size() == 1);
    checkSplits(request.bytes, whole);
  }
}

TEST_CASE("every bad request and a smuggled one behind it, split at every byte") {
  for (const BadRequest& request : badRequests()) {
    CAPTURE(request.name);
    const std::string bytes = request.bytes + kSmuggled;
    const SessionResult whole = readWhole(bytes, corpusLimits());
    CHECK(whole.requests.empty());
    CHECK(whole.refusal == request.status);
    checkSplits(bytes, whole);
  }
}

TEST_CASE("every pair of good requests, and each good one before each bad one") {
  for (const GoodRequest& first : goodRequests()) {
    if (!first.keepAlive) continue;
    CAPTURE(first.name);
    const SeenRequest expected = readWhole(first.bytes, corpusLimits()).requests.front();
    for (const GoodRequest& second : goodRequests()) {
      CAPTURE(second.name);
      const SessionResult pair = readWhole(first.bytes + second.bytes, corpusLimits());
      REQUIRE(pair.requests.size() == 2);
      CHECK(pair.requests.front() == expected);
      CHECK(pair.requests.back().path == second.path);
      CHECK(pair.requests.back().body == second.body);
      CHECK(pair.refusal == 0);
    }
    for (const BadRequest& second : badRequests()) {
      CAPTURE(second.name);
      const SessionResult pair = readWhole(first.bytes + second.bytes + kSmuggled, corpusLimits());
      REQUIRE(pair.requests.size() == 1);
      CHECK(pair.requests.front() == expected);
      CHECK(pair.refusal == second.status);
    }
  }
}

TEST_CASE("three requests in a row, split at every byte") {
  const std::string three =
      "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n"
      "\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nwxyz"
      "GET /3?q HTTP/1.1\r\nHost: a\r\n\r\nGE";
  const SessionResult whole = readWhole(three, corpusLimits());
  REQUIRE(whole.requests.size() == 3);
  CHECK(whole.requests[0].body == "abc");
  CHECK(whole.requests[1].body == "wxyz");
  CHECK(whole.requests[2].query == "q");
  CHECK(whole.unread == "GE");
  checkSplits(three, whole);
}
