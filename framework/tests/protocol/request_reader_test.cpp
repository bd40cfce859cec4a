#include "protocol/request_reader.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "request_corpus.hpp"
#include "session_feeder.hpp"

using namespace h3::test;
using h3::protocol::RequestHead;
using h3::protocol::RequestReader;
using ReadOutcome = h3::protocol::RequestReader::Outcome;

namespace {

struct Reading {
  RequestHead head;
  h3::protocol::Limits limits = corpusLimits();
  RequestReader reader{limits};
  std::string data;

  Reading() { reader.begin(head); }
  ReadOutcome read(std::string_view more) {
    data += more;
    return reader.read(data.data(), data.size());
  }
};

int refusalOf(const std::string& bytes) { return readWhole(bytes, corpusLimits()).refusal; }

}  // namespace

TEST_CASE("the corpus has at least 60 kinds of each, good and bad together") {
  CHECK(badRequests().size() >= 120);
  CHECK(goodRequests().size() >= 40);
}

TEST_CASE("every good request is read as what it means") {
  for (const GoodRequest& request : goodRequests()) {
    CAPTURE(request.name);
    const SessionResult result = readWhole(request.bytes, corpusLimits());
    CHECK(result.refusal == 0);
    REQUIRE(result.requests.size() == 1);
    CHECK(result.requests[0].method == request.method);
    CHECK(result.requests[0].path == request.path);
    CHECK(result.requests[0].body == request.body);
    CHECK(result.requests[0].keepAlive == request.keepAlive);
    CHECK(result.unread == "");
  }
}

TEST_CASE("the host of an absolute target is the Host of the request") {
  const struct {
    std::string bytes;
    std::string host;
  } rows[] = {
      {"GET http://b.example:8080/x HTTP/1.1\r\nHost: a\r\n\r\n", "b.example:8080"},
      {"GET http://[::1] HTTP/1.1\r\nA: b\r\nhOsT: a.example\r\n\r\n", "[::1]"},
      {"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "a"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bytes);
    Reading reading;
    REQUIRE((reading.read(row.bytes) == ReadOutcome::complete));
    CHECK(reading.head.headers.find("Host") == row.host);
  }
}

TEST_CASE("strict targets hold what RFC 3986 allows") {
  h3::protocol::Limits strict = corpusLimits();
  strict.targetSyntax = h3::TargetSyntax::strict;
  for (const char* target : {"/[", "/]", "/a|b", "/?[", "/?]", "/?|", "/?^", "/?{", "/?}", "/?\\", "/?`"}) {
    CAPTURE(target);
    const std::string bytes = "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    CHECK(refusalOf(bytes) == 0);
    CHECK(readWhole(bytes, strict).refusal == 400);
  }
}

TEST_CASE("every bad request is refused with its status") {
  for (const BadRequest& request : badRequests()) {
    CAPTURE(request.name);
    CHECK(refusalOf(request.bytes + kSmuggled) == request.status);
  }
}

TEST_CASE("no good request is taken before its last byte") {
  for (const GoodRequest& request : goodRequests()) {
    CAPTURE(request.name);
    const SessionResult result = readWhole(request.bytes.substr(0, request.bytes.size() - 1), corpusLimits());
    CHECK(result.requests.empty());
    CHECK(result.refusal == 0);
  }
}

TEST_CASE("trailers are neither merged nor obeyed") {
  const SessionResult result = readWhole(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nHost: "
      "b\r\nContent-Length: 9\r\n"
      "Authorization: y\r\nConnection: close\r\n\r\n" +
          kSmuggled,
      corpusLimits());
  REQUIRE(result.requests.size() == 2);
  CHECK(result.requests[0].fields.size() == 2);
  CHECK(result.requests[0].keepAlive);
  CHECK(result.requests[1].path == "/smuggled");
}

TEST_CASE("a bad request line is refused at its end, not after a wait for the fields") {
  for (const char* line :
       {"GET / HTTP/2.0\r\n", "GET / HTTP\r\n", "GET /\r\n", "GET /  HTTP/1.1\r\n", "G\r\n", " "}) {
    CAPTURE(line);
    CHECK(refusalOf(line) != 0);
  }
  CHECK(refusalOf("GET / HTTP/1.1\r\n") == 0);
}

TEST_CASE("views follow the bytes to wherever they move") {
  Reading reading;
  const std::string bytes = "\r\nPOST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nEmpty:\r\n\r\nwx";
  CHECK(reading.read(bytes) == ReadOutcome::needMore);
  const std::string all = bytes + "yz";
  const std::unique_ptr<char[]> moved(new char[all.size()]);
  std::copy(all.begin(), all.end(), moved.get());
  reading.data.assign(reading.data.size(), '?');
  REQUIRE(reading.reader.read(moved.get(), all.size()) == ReadOutcome::complete);
  CHECK(reading.reader.target().path.data() == moved.get() + 7);
  CHECK(reading.reader.target().query == "b");
  CHECK(reading.reader.body(moved.get()) == "wxyz");
  CHECK(reading.reader.consumed() == all.size());
  CHECK(reading.head.headers.find("host") == "h");
  CHECK(reading.head.headers.find("EMPTY") == "");
  CHECK(reading.head.methodText.in(moved.get()) == "POST");
}

TEST_CASE("100 Continue is wanted once, when the client waits") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  Reading waiting;
  CHECK(waiting.read(head) == ReadOutcome::wantsContinue);
  CHECK(waiting.reader.target().path == "/");
  CHECK(waiting.read("") == ReadOutcome::needMore);
  CHECK(waiting.read("h") == ReadOutcome::needMore);
  CHECK(waiting.read("i") == ReadOutcome::complete);
  Reading hasty;
  CHECK(hasty.read(head + "h") == ReadOutcome::needMore);
  Reading old;
  CHECK(old.read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n") ==
        ReadOutcome::needMore);
  Reading empty;
  CHECK(empty.read("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n") ==
        ReadOutcome::complete);
  Reading large;
  CHECK(large.read("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n") ==
        ReadOutcome::refused);
  CHECK(large.reader.status() == 413);
}

TEST_CASE("body bytes are counted as they come, framing included") {
  Reading length;
  CHECK(length.read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n1234") ==
        ReadOutcome::needMore);
  CHECK(length.reader.bodyBytesSeen() == 4);
  length.read("5678");
  CHECK(length.reader.bodyBytesSeen() == 8);
  Reading chunks;
  chunks.read("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  CHECK(chunks.reader.bodyBytesSeen() == 5);
  chunks.read("cde\r\n");
  CHECK(chunks.reader.bodyBytesSeen() == 10);
}

TEST_CASE("compact() gives back what the chunks' framing took") {
  Reading reading;
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  reading.read(head + "2\r\nab\r\n2\r\ncd\r\n3");
  reading.data.resize(reading.reader.compact(reading.data.data(), reading.data.size()));
  CHECK(reading.data == head + "abcd");
  CHECK(reading.read("\r\nefg\r\n0\r\n\r\n") == ReadOutcome::complete);
  CHECK(reading.reader.body(reading.data.data()) == "abcdefg");
  CHECK(reading.reader.consumed() == reading.data.size());
}

TEST_CASE("a reader starts again for each request") {
  Reading reading;
  for (int i = 0; i < 3; ++i) {
    reading.data.clear();
    reading.reader.begin(reading.head);
    CHECK(reading.read("POST /x HTTP/1.0\r\nExpect: y\r\nContent-Length: 1\r\n") == ReadOutcome::needMore);
    CHECK(reading.read("\r\n") == ReadOutcome::refused);
    CHECK(reading.reader.status() == 417);
    reading.data.clear();
    reading.reader.begin(reading.head);
    CHECK(reading.read("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == ReadOutcome::complete);
    CHECK(reading.head.headers.count() == 1);
    CHECK(reading.head.keepAlive);
    CHECK(reading.reader.body(reading.data.data()).empty());
  }
}

TEST_CASE("a streamed body comes in pieces, whose room is used again") {
  h3::protocol::Limits limits;
  limits.stopsBehindHead = true;
  for (const bool chunks : {false, true}) {
    CAPTURE(chunks);
    const std::string head = std::string("POST / HTTP/1.1\r\nHost: a\r\n") +
                             (chunks ? "Transfer-Encoding: chunked" : "Content-Length: 9") + "\r\n\r\n";
    const std::string body = chunks ? "4\r\nfour\r\n5\r\nfive!\r\n0\r\nA: b\r\n\r\n" : "fourfive!";
    h3::protocol::RequestHead parsed;
    RequestReader reader(limits);
    reader.begin(parsed);
    std::string data = head;
    REQUIRE(reader.read(data.data(), data.size()) == ReadOutcome::headRead);
    reader.limitBody(9);
    reader.streamBody();
    REQUIRE(reader.read(data.data(), data.size()) == ReadOutcome::streams);
    CHECK(reader.headBytes() == head.size());
    std::string all;
    ReadOutcome outcome = ReadOutcome::needMore;
    for (const char byte : body + "next") {
      data += byte;
      if (outcome == ReadOutcome::complete) continue;
      data.resize(reader.dropPiece(data.data(), data.size()));
      outcome = reader.readPiece(data.data(), data.size());
      all += reader.piece(data.data());
      CHECK(data.size() <= head.size() + 8);
    }
    CHECK(all == "fourfive!");
    CHECK(outcome == ReadOutcome::complete);
    CHECK(data.substr(reader.consumed()) == "next");
    data.resize(reader.dropPiece(data.data(), data.size()));
    CHECK(data.substr(reader.consumed()) == "next");
  }
}

TEST_CASE("a limit that is given behind the head counts instead of the general one") {
  h3::protocol::Limits limits;
  limits.stopsBehindHead = true;
  limits.bodyBytes = 4;
  for (const auto& [limit, expected] : {std::pair{5UL, ReadOutcome::complete}, {3UL, ReadOutcome::refused}}) {
    for (const char* const framed : {"Content-Length: 5\r\n\r\n12345",
                                     "Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n3\r\n345\r\n0\r\n\r\n"}) {
      h3::protocol::RequestHead parsed;
      RequestReader reader(limits);
      reader.begin(parsed);
      std::string data = std::string("POST / HTTP/1.1\r\nHost: a\r\n") + framed;
      REQUIRE(reader.read(data.data(), data.size()) == ReadOutcome::headRead);
      reader.limitBody(limit);
      CHECK(reader.read(data.data(), data.size()) == expected);
      if (expected == ReadOutcome::refused) CHECK(reader.status() == 413);
    }
  }
}
