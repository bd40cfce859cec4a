#include "replay/response_reader.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

struct Row {
  const char* what;
  std::string bytes;
  int status = 0;
  std::string body = {};
  bool keepsAlive = true;
  bool isHead = false;
  std::string next = {};  ///< what must be left for the next response
};

const Row kResponses[] = {
    {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true, false, "HTTP/1.1"},
    {"length zero", "HTTP/1.1 200 OK\r\ncontent-LENGTH:0\r\n\r\n", 200, "", true, false, "H"},
    {"same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 200, "x"},
    {"no reason phrase", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, ""},
    {"close", "HTTP/1.1 400 Bad\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n", 400, "", false},
    {"1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false},
    {"1.0 kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, "x", true},
    {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", 200, "", true, true, "HTTP"},
    {"HEAD chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "", true, true},
    {"204", "HTTP/1.1 204 No\r\n\r\n", 204, ""},
    {"304 with length", "HTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n", 304, ""},
    {"interim first",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 201 X\r\nContent-Length: "
     "1\r\n\r\ny",
     201, "y"},
    {"101", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", 101, "", false},
    {"chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\n\r\n",
     200, "abc0123456789", true, false, "HTTP/1.1 200"},
    {"chunked, trailers",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\na\r\n00\r\nX: y\r\nZ: w\r\n\r\n", 200,
     "a"},
    {"chunked beats length",
     "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, ""},
};

// Feeds `bytes` in two pieces cut at `cut`; returns how many were taken.
std::size_t feedCut(ResponseReader& reader, const std::string& bytes, std::size_t cut) {
  const std::string_view all = bytes;
  std::size_t taken = reader.feed(all.substr(0, cut));
  if (taken == cut) taken += reader.feed(all.substr(cut));
  return taken;
}

}  // namespace

TEST_CASE("responses are the same however they are split") {
  ResponseReader reader;
  for (const Row& row : kResponses) {
    CAPTURE(row.what);
    for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) {
      CAPTURE(cut);
      reader.begin(row.isHead, 100);
      CHECK(feedCut(reader, row.bytes + row.next, cut) == row.bytes.size());
      CHECK(reader.done());
      CHECK(reader.status() == row.status);
      CHECK(reader.body() == row.body);
      CHECK(reader.keepsAlive() == row.keepsAlive);
    }
    reader.begin(row.isHead, 100);
    for (const char c : row.bytes) {
      CHECK_FALSE(reader.done());
      CHECK(reader.feed({&c, 1}) == 1);
    }
    CHECK(reader.done());
    CHECK(reader.body() == row.body);
  }
}

TEST_CASE("a body without a length ends with the connection") {
  ResponseReader reader;
  reader.begin(false, 100);
  reader.feed("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nabc");
  CHECK_FALSE(reader.done());
  reader.feed("def");
  reader.endOfStream();
  CHECK(reader.done());
  CHECK(reader.body() == "abcdef");
  CHECK(reader.contentType() == "text/plain");
  CHECK_FALSE(reader.keepsAlive());
}

TEST_CASE("only the requested part of a body is kept") {
  ResponseReader reader;
  reader.begin(false, 4);
  reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
  CHECK(reader.body() == "0123");
  CHECK(reader.bodyBytes() == 10);
}

TEST_CASE("malformed responses fail") {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string rows[] = {
      "SSH-2.0-OpenSSH\r\n\r\n",
      "HTTP/2 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 099 OK\r\n\r\n",
      "HTTP/1.1 2000\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      chunked + "x\r\n",
      chunked + "\r\n",
      chunked + "1\r\nab\r\n",
      chunked + "1\nab\r\n",
      chunked + "1;" + std::string(9000, 'e') + "\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n",
  };
  for (const std::string& row : rows) {
    CAPTURE(row.substr(0, 80));
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, row.size()}) {
      ResponseReader reader;
      reader.begin(false);
      for (std::size_t at = 0; at < row.size() && !reader.failed(); at += piece) {
        reader.feed(std::string_view(row).substr(at, piece));
      }
      CHECK(reader.failed());
      CHECK(std::string(reader.error()) != "");
    }
  }
}

TEST_CASE("another protocol is named by its first bytes, however few come at a time") {
  using namespace std::string_literals;
  const std::pair<std::string, std::string> rows[] = {
      {"\x15\x03\x01\0\x02\x02\x46"s, "it looks like TLS (an alert)"},
      {"\x16\x03\x03\0\x7a\x02\0\0"s, "it looks like TLS (a handshake)"},
      {"\0\0\x18\x04\0\0\0\0\0"s, "it looks like HTTP/2"},
      {"SSH-2.0-OpenSSH_9.2\r\n"s, "it looks like SSH"},
      {"220 mail ESMTP\r\n"s, "it looks like SMTP or FTP"},
      {"-ERR unknown command\r\n"s, "it looks like Redis"},
      {"<html>hello"s, "it does not begin with an HTTP/1 status line"},
      {"HTTP/"s, ""},
  };
  for (const auto& [bytes, message] : rows) {
    CAPTURE(message);
    for (const std::size_t piece : {std::size_t{1}, bytes.size()}) {
      ResponseReader reader;
      reader.begin(false);
      for (std::size_t at = 0; at < bytes.size() && !reader.failed(); at += piece)
        reader.feed(std::string_view(bytes).substr(at, piece));
      CHECK(reader.failed() == !message.empty());
      CHECK(std::string(reader.error()).starts_with(message));
    }
  }
}

TEST_CASE("an end before the response is complete fails") {
  for (const Row& row : kResponses) {
    CAPTURE(row.what);
    for (std::size_t cut = 0; cut < row.bytes.size(); ++cut) {
      ResponseReader reader;
      reader.begin(row.isHead);
      reader.feed(std::string_view(row.bytes).substr(0, cut));
      reader.endOfStream();
      CHECK(reader.failed());
      CHECK(reader.started() == (cut > 0));
    }
  }
}
