#include "protocol/response_writer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include "h3http/detail/buffer_pool.hpp"
#include "http/status.hpp"
#include "protocol/output_buffer.hpp"
#include "protocol/response_prefix.hpp"

using h3::protocol::checkResponseField;
using h3::protocol::OutputBuffer;
using h3::protocol::ResponseField;
using h3::protocol::ResponseHead;
using h3::protocol::ResponsePrefix;
using h3::protocol::sendsBody;
using h3::protocol::writeResponse;

namespace {

const ResponsePrefix kPrefix("");  // "Thu, 01 Jan 1970 00:00:00 GMT"

ResponseHead responseWith(int status, std::string_view body, std::string_view contentType = "text/plain") {
  ResponseHead head;
  head.status = status;
  head.prefix = kPrefix.text();
  head.body = body;
  head.contentType = contentType;
  return head;
}

std::string written(const ResponseHead& head) {
  h3::BufferPool pool;
  h3::BufferShelf shelf(pool);
  OutputBuffer out(shelf);
  writeResponse(out, head);
  return std::string(out.unsent());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("bytes that the caller sends later count in the length, and only with a body are they sent") {
  ResponseHead head = responseWith(206, "start");
  head.moreBodyBytes = 5'000'000'000;
  CHECK(has(written(head), "Content-Length: 5000000005\r\n"));
  CHECK(written(head).ends_with("\r\n\r\nstart"));
  CHECK(sendsBody(head));
  for (const int status : {204, 304}) {
    head.status = status;
    CHECK_FALSE(sendsBody(head));
  }
  head.status = 200;
  head.headRequest = true;
  CHECK_FALSE(sendsBody(head));
  CHECK(has(written(head), "Content-Length: 5000000005\r\n"));
}

TEST_CASE("a response, byte for byte") {
  CHECK(written(responseWith(200, "hello")) ==
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: "
        "text/plain\r\nContent-Length: 5\r\n\r\nhello");
  const std::array<ResponseField, 2> fields{ResponseField{"A", "b"}, ResponseField{"A", "c"}};
  ResponseHead full = responseWith(404, "");
  const ResponsePrefix named("s");
  full.prefix = named.text();
  full.keepAlive = false;
  full.contentType = "";
  full.fields = fields;
  CHECK(written(full) ==
        "HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: s\r\nContent-Length: 0\r\n"
        "Connection: close\r\nA: b\r\nA: c\r\n\r\n");
}

TEST_CASE("the time for which a connection is kept, not with the last response") {
  const ResponsePrefix announcing("s", 60);
  CHECK(announcing.text() ==
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: s\r\n"
        "Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n");
  CHECK(announcing.lastText() == ResponsePrefix("s").text());
  CHECK(kPrefix.lastText() == kPrefix.text());
}

TEST_CASE("HEAD: the same fields, without the body") {
  ResponseHead head = responseWith(200, "hello");
  const std::string get = written(head);
  head.headRequest = true;
  CHECK(written(head) == get.substr(0, get.size() - 5));
}

TEST_CASE(
    "204 and 304: no body, no Content-Length; 205: a length of 0; every other final status has its length") {
  for (int status = 200; status < 600; ++status) {
    CAPTURE(status);
    const std::string text = written(responseWith(status, "hello"));
    const bool bodiless = status == 204 || status == 205 || status == 304;
    CHECK(has(text, "Content-Length: 5\r\n") == !bodiless);
    CHECK(has(text, "Content-Length") == (!bodiless || status == 205));
    CHECK(has(text, "Content-Length: 0\r\n") == (status == 205));
    CHECK(has(text, "Content-Type") == !bodiless);
    CHECK(text.ends_with(bodiless ? "\r\n\r\n" : "\r\n\r\nhello"));
    CHECK(has(text, "Date: Thu, "));
  }
}

TEST_CASE("HEAD without a body: a length only when that of GET is known") {
  ResponseHead head = responseWith(200, "", "");
  head.headRequest = true;
  CHECK(has(written(head), "Content-Length: 0\r\n"));
  head.length = h3::protocol::BodyLength::unknown;
  CHECK(!has(written(head), "Content-Length"));
  head.body = "hello";
  CHECK(has(written(head), "Content-Length: 5\r\n"));
}

TEST_CASE("Connection: sent when it is not the default") {
  ResponseHead head = responseWith(200, "");
  CHECK(!has(written(head), "Connection"));
  head.minorVersion = 0;
  CHECK(has(written(head), "\r\nConnection: keep-alive\r\n"));
  head.keepAlive = false;
  CHECK(has(written(head), "\r\nConnection: close\r\n"));
  head.minorVersion = 1;
  CHECK(has(written(head), "\r\nConnection: close\r\n"));
}

TEST_CASE("what of a body is not copied is given back; nothing where no body is sent") {
  h3::BufferPool pool;
  h3::BufferShelf shelf(pool);
  OutputBuffer out(shelf);
  ResponseHead head = responseWith(200, "hello");
  head.copiedBytes = 2;
  CHECK(writeResponse(out, head) == "llo");
  CHECK(out.unsent().ends_with("Content-Length: 5\r\n\r\nhe"));
  head.copiedBytes = 5;
  CHECK(writeResponse(out, head).empty());
  head.copiedBytes = 2;
  head.headRequest = true;
  CHECK(writeResponse(out, head).empty());
  CHECK(out.unsent().ends_with("Content-Length: 5\r\n\r\n"));
  head.headRequest = false;
  head.status = 304;
  CHECK(writeResponse(out, head).empty());
}

TEST_CASE("responses are gathered in order, and fit whatever their size") {
  h3::BufferPool pool;
  h3::BufferShelf shelf(pool);
  OutputBuffer out(shelf);
  std::string expected;
  for (const std::size_t size : {0U, 1U, 3800U, 4096U, 5000U, 100'000U, 7U}) {
    const std::string body(size, 'x');
    writeResponse(out, responseWith(200, body));
    expected += written(responseWith(200, body));
  }
  CHECK(out.unsent() == expected);
  out.consume(10);
  CHECK(out.unsent() == std::string_view(expected).substr(10));
  writeResponse(out, responseWith(200, "y"));
  expected += written(responseWith(200, "y"));
  CHECK(out.unsent() == std::string_view(expected).substr(10));
  out.consume(expected.size() - 10);
  CHECK(out.empty());
  shelf.clear();
  CHECK(pool.stats().inUse == 0);
}

TEST_CASE("a response beyond the largest buffer throws, and changes nothing") {
  h3::BufferPool pool;
  h3::BufferShelf shelf(pool);
  OutputBuffer out(shelf);
  out.append("before");
  const std::string body(h3::BufferPool::kLargestBytes, 'x');
  CHECK_THROWS_AS(writeResponse(out, responseWith(200, body)), std::bad_alloc);
  CHECK(out.unsent() == "before");
}

TEST_CASE("fields that would break a response throw") {
  CHECK_NOTHROW(checkResponseField("X-Name", "value \t \x80"));
  CHECK_NOTHROW(checkResponseField("X-Name", ""));
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string value = std::string("a") + static_cast<char>(byte) + "b";
    const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    if (control)
      CHECK_THROWS_AS(checkResponseField("X-Name", value), std::invalid_argument);
    else
      CHECK_NOTHROW(checkResponseField("X-Name", value));
  }
  for (const std::string name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4", "(a)"})
    CHECK_THROWS_AS(checkResponseField(name, "v"), std::invalid_argument);
  for (const char* own : {"Content-Length", "transfer-encoding", "CONNECTION", "Date"})
    CHECK_THROWS_AS(checkResponseField(own, "v"), std::invalid_argument);
}

TEST_CASE("bytes that come back go before what is still unsent, whatever the buffer") {
  h3::BufferPool pool;
  h3::BufferShelf shelf(pool);
  for (const std::size_t size : {1U, 5'000U, 16'384U, 40'000U}) {
    CAPTURE(size);
    OutputBuffer out(shelf);
    const std::string first(size, 'a');
    out.append(first);
    out.consume(size);
    out.prepend(first);
    CHECK((out.unsent() == first));
    out.append("bb");
    out.consume(size / 2);
    out.prepend("c");
    CHECK((out.unsent() == "c" + first.substr(size / 2) + "bb"));
  }
}
