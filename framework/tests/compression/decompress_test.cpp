#include "h3http/decompress.hpp"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>
#include <string>

#include "h3http/async.hpp"
#include "h3http/h3.hpp"
#include "h3http/json_binding.hpp"
#include "h3http/testing.hpp"
#include "reference_codings.hpp"

using namespace h3::test;
using h3::Event;

namespace {

constexpr std::size_t kMiB = 1024 * 1024;

// /echo and its like; those under /own decode otherwise, or not.
h3::App appThatDecodes(h3::DecompressOptions options = {}) {
  h3::App app;
  app.decodeBodies(h3::decompress(options));
  const auto echo = [](Event& event) { event.sendBytes(event.readBody(), "application/octet-stream"); };
  app.post("/echo", echo);
  app.post("/size", [](Event& event) { event.sendText(std::to_string(event.readBody().size())); });
  app.post("/small", echo).limitBody(100);
  app.post("/raw", echo).acceptCodedBodies();
  app.post("/stream",
           [](Event& event) -> boost::asio::awaitable<void> { event.sendText(co_await event.readSome()); })
      .streamBody(kMiB);
  app.post("/form", [](Event& event) { event.sendText(event.form<std::string_view>("name")); });
  app.post("/trailer", [](Event& event) {
    event.sendText(std::string(event.readBody()) + "|" +
                   std::string(event.getTrailer("X-Sum").value_or("none")));
  });
  app.post("/async",
           [](Event& event) -> boost::asio::awaitable<void> { event.sendText(co_await event.readSome()); });
  return app;
}

Headers coded(const char* coding) { return {{"Content-Encoding", coding}}; }

}  // namespace

TEST_CASE("handlers see the content") {
  h3::App app = appThatDecodes();
  Client client(app);
  const std::string text = someJson(2000);
  CHECK((client.post("/echo", gzipped(text), coded("gzip")).body == text));
  CHECK((client.post("/echo", gzipped(text), coded("X-GZip")).body == text));
  CHECK((client.post("/echo", brotlied(text), coded("br")).body == text));
  CHECK((client.post("/echo", brotlied(text), coded("identity, BR")).body == text));
  CHECK((client.post("/echo", text, coded("identity")).body == text));
  CHECK((client.post("/echo", text).body == text));
  CHECK(client.post("/echo", gzipped(""), coded("gzip")).body.empty());
  CHECK((client.post("/async", gzipped(text), coded("gzip")).body == text));
  Headers form = coded("gzip");
  form.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  CHECK(client.post("/form", gzipped("name=ada"), form).body == "ada");
  CHECK((client.post("/raw", gzipped(text), coded("gzip")).body == gzipped(text)));
}

TEST_CASE("one request after the other on the same connection, coded and not") {
  h3::App app = appThatDecodes();
  Client client(app);
  for (int i = 0; i < 20; ++i) {
    const std::string text = someJson(100 * i + 1);
    CHECK(
        (client.post("/echo", i % 2 == 0 ? gzipped(text) : brotlied(text), coded(i % 2 == 0 ? "gzip" : "br"))
             .body == text));
    CHECK(client.post("/size", "plain").body == "5");
  }
}

TEST_CASE("codings that are not known, or are several, and streams: 415 with what is accepted") {
  h3::App app = appThatDecodes();
  Client client(app);
  for (const char* const coding : {"deflate", "zstd", "gzip, gzip", "br, gzip", "gz"}) {
    CAPTURE(coding);
    const Response response = client.post("/echo", gzipped("x"), coded(coding));
    CHECK(response.status == 415);
    CHECK(response.header("Accept-Encoding") == "br, gzip");
  }
  const Response twice =
      client.post("/echo", gzipped("x"), {{"Content-Encoding", "gzip"}, {"Content-Encoding", "br"}});
  CHECK(twice.status == 415);
  const Response streamed = client.post("/stream", gzipped("x"), coded("gzip"));
  CHECK(streamed.status == 415);
  CHECK(streamed.header("Accept-Encoding") == "identity");
}

TEST_CASE("Expect: 100-continue is answered by the coding alone") {
  h3::App app = appThatDecodes();
  Client client(app);
  const std::string body = gzipped("hello");
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\nContent-Encoding: ";
  CHECK(client.exchange(head + "gzip\r\n\r\n").starts_with("HTTP/1.1 100 Continue\r\n\r\n"));
  CHECK(client.exchange(body).ends_with("hello"));
  CHECK(client.exchange(head + "zstd\r\n\r\n").starts_with("HTTP/1.1 415 "));
}

TEST_CASE("broken bodies get a 400, those that are too large a 413") {
  h3::App app = appThatDecodes();
  Client client(app);
  const std::string good = gzipped(someJson(100));
  CHECK(client.post("/echo", good.substr(0, good.size() - 1), coded("gzip")).status == 400);
  CHECK(client.post("/echo", good + "x", coded("gzip")).status == 400);
  CHECK(client.post("/echo", good, coded("br")).status == 400);
  CHECK(client.post("/echo", brotlied("x"), coded("gzip")).status == 400);
  CHECK(client.post("/small", gzipped(std::string(100, 'x')), coded("gzip")).status == 200);
  CHECK(client.post("/small", gzipped(std::string(101, 'x')), coded("gzip")).status == 413);
  CHECK(client.post("/echo", good, coded("gzip")).status == 200);
}

TEST_CASE("both sides of the limits of size and ratio") {
  std::mt19937 random(7);
  std::string noise(kMiB / 2, '\0');  // a ratio of 1
  for (char& c : noise) c = static_cast<char>(random());
  {
    h3::App app = appThatDecodes({.maxBytes = kMiB / 2 - 1});
    Client client(app);
    CHECK(client.post("/size", gzipped(noise.substr(1)), coded("gzip")).body == std::to_string(kMiB / 2 - 1));
    CHECK(client.post("/size", gzipped(noise), coded("gzip")).status == 413);
  }
  h3::App app = appThatDecodes({.maxBytes = 16 * kMiB, .maxRatio = 10});
  Client client(app);
  // Whatever the ratio, 64 KiB are decoded.
  CHECK(client.post("/size", gzipped(std::string(64 * 1024, 'x')), coded("gzip")).body == "65536");
  CHECK(client.post("/size", gzipped(std::string(64 * 1024 + 1, 'x')), coded("gzip")).status == 413);
  CHECK(client.post("/size", brotlied(std::string(10 * kMiB, 'x')), coded("br")).status == 413);
  CHECK(client.post("/size", gzipped(noise.substr(0, 100'000)), coded("gzip")).body == "100000");
}

TEST_CASE("trailers are where they were") {
  h3::App app = appThatDecodes();
  Client client(app);
  const std::string body = gzipped(std::string(4094, 'a'));  // the trailers do not fit behind it
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size());
  const std::string request =
      "POST /trailer HTTP/1.1\r\nHost: test\r\nContent-Encoding: gzip\r\nTransfer-Encoding: "
      "chunked\r\n\r\n" +
      std::string(size) + "\r\n" + body + "\r\n0\r\nX-Sum: 42\r\n\r\n";
  CHECK(client.exchange(request).ends_with("a|42"));
}

TEST_CASE("a route's own decoder, and that of a mounted App") {
  h3::App inner;
  const auto echo = [](Event& event) { event.sendText(event.readBody()); };
  inner.post("/inner", echo);
  inner.decodeBodies(h3::decompress());
  h3::App app;
  app.post("/own", echo).decodeBodies(h3::decompress({.maxBytes = 10}));
  app.post("/none", echo);
  app.mount("/x", std::move(inner));
  Client client(app);
  CHECK(client.post("/own", gzipped("ten bytes!"), coded("gzip")).body == "ten bytes!");
  CHECK(client.post("/own", gzipped("eleven byte"), coded("gzip")).status == 413);
  CHECK(client.post("/x/inner", gzipped("inner"), coded("gzip")).body == "inner");
  const Response refused = client.post("/none", gzipped("x"), coded("gzip"));
  CHECK(refused.status == 415);
  CHECK(refused.header("Accept-Encoding") == "identity");
}

TEST_CASE("wrong limits are refused") {
  CHECK_THROWS_AS((void)h3::decompress({.maxBytes = 16 * kMiB + 1}), std::invalid_argument);
  CHECK_THROWS_AS((void)h3::decompress({.maxRatio = 0}), std::invalid_argument);
  CHECK_THROWS_AS((void)h3::decompress({.maxRatio = 2001}), std::invalid_argument);
}
