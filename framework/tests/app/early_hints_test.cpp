#include "h3http/early_hints.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../support/served_app.hpp"
#include "h3http/async.hpp"
#include "h3http/testing.hpp"

using namespace h3::test;
using h3::Event;

namespace {

const char* const kLink = "</app.css>; rel=preload; as=style";

}  // namespace

TEST_CASE("a client has the hints while the handler still waits") {
  h3::App app;
  h3::Deferred waiting;
  app.get("/page", [&waiting](Event& event) {
    waiting = event.defer();
    h3::sendEarlyHints(event, {kLink, "</a b.js>; rel=preload"});
  });
  app.get("/finish", [&waiting](Event& event) {
    waiting.event()->sendText("the page");
    waiting.complete();
    event.sendText("done");
  });
  const ServedApp served(app);
  RawClient client(served.port());
  client.send(requestText("GET", "/page"));
  const RawResponse hints = client.receiveResponse();  // nothing else can have been sent
  CHECK(hints.status == 103);
  CHECK(hints.headerCount("Link") == 2);
  CHECK(hints.header("Link") == kLink);
  CHECK(served.get("/finish").body == "done");
  CHECK(client.receiveResponse().body == "the page");
}

TEST_CASE("hints come before each kind of response, and not to HTTP/1.0") {
  h3::App app;
  app.get("/sync", [](Event& event) {
    h3::sendEarlyHints(event, {kLink});
    h3::sendEarlyHints(event, {});
    event.sendText("page");
  });
  app.get("/stream", [](Event& event) -> boost::asio::awaitable<void> {
    h3::sendEarlyHints(event, {kLink});
    event.startStream("text/plain");
    co_await event.write("page");
    bool isTooLate = false;
    try {
      h3::sendEarlyHints(event, {kLink});
    } catch (const std::logic_error&) {
      isTooLate = true;
    }
    co_await event.write(isTooLate ? ", too late" : "");
  });
  app.get("/fails", [](Event& event) {
    h3::sendEarlyHints(event, {kLink});
    throw h3::HttpError(404);
  });
  Client client(app);
  for (const char* const target : {"/sync", "/stream", "/fails"}) {
    const Response response = client.get(target);
    CAPTURE(target);
    CHECK(response.interim == std::vector<int>{103});
    CHECK_FALSE(response.header("Link"));
  }
  CHECK(client.get("/stream").body == "page, too late");
  CHECK(client.get("/fails").status == 404);
  CHECK(std::string(client.exchange("GET /sync HTTP/1.0\r\n\r\n")).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("links that are too many, too long or would break the response are refused") {
  h3::App app;
  app.get("/many", [](Event& event) {
    h3::sendEarlyHints(event, {"<1>", "<2>", "<3>", "<4>", "<5>", "<6>", "<7>", "<8>", "<9>", "<10>", "<11>",
                               "<12>", "<13>", "<14>", "<15>", "<16>", "<17>"});
  });
  app.get("/long", [](Event& event) { h3::sendEarlyHints(event, {"</" + std::string(8192, 'a') + ">"}); });
  app.get("/break", [](Event& event) { h3::sendEarlyHints(event, {"</a>\r\nX: y"}); });
  Client client(app);
  for (const char* const target : {"/many", "/long", "/break"}) {
    const Response response = client.get(target);
    CHECK(response.status == 500);
    CHECK(response.interim.empty());
  }
}
