// event.cpp, response_writer.cpp and uri_reference.cpp.
// What becomes of a handler's calls on the wire.
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "../support/served_app.hpp"
#include "h3http/event.hpp"

using namespace h3::test;

namespace {

// What one handler makes of GET /.
RawResponse responseOf(std::function<void(h3::Event&)> handler) {
  h3::App app;
  app.get("/", h3::Handler(std::move(handler)));
  return ServedApp(app).get("/");
}

}  // namespace

TEST_CASE("the last send is the response") {
  const RawResponse response = responseOf([](h3::Event& event) {
    event.setStatus(201);
    event.sendHtml("<p>");
    event.sendText("text");
  });
  CHECK(response.status == 201);
  CHECK(response.reason == "Created");
  CHECK(response.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(response.body == "text");
  CHECK(response.header("Date").has_value());
}

TEST_CASE("each kind of response has its content type") {
  const struct {
    std::function<void(h3::Event&)> send;
    std::string type;
    const char* body;
  } cases[] = {
      {[](h3::Event& event) { event.sendHtml("<p>"); }, "text/html; charset=utf-8", "<p>"},
      {[](h3::Event& event) { event.sendBytes("\x01", "image/png"); }, "image/png", "\x01"},
      {[](h3::Event& event) { event.sendView("static", "text/css"); }, "text/css", "static"},
      {[](h3::Event& event) { event.sendJsonText("[1]"); }, "application/json", "[1]"},
      {[](h3::Event& event) {
         event.sendJson(
             {{"t", "a\"b"}, {"i", -1}, {"u", ~std::uint64_t{0}}, {"d", 1.5}, {"b", true}, {"n", nullptr}});
       },
       "application/json", R"({"t":"a\"b","i":-1,"u":18446744073709551615,"d":1.5,"b":true,"n":null})"},
  };
  for (const auto& kind : cases) {
    CAPTURE(kind.type);
    const RawResponse response = responseOf(kind.send);
    CHECK(response.header("Content-Type") == kind.type);
    CHECK(response.body == kind.body);
  }
}

TEST_CASE("there is one content type, and the last call sets it") {
  const RawResponse set = responseOf([](h3::Event& event) {
    event.sendText("{}");
    event.setHeader("content-type", "application/problem+json");
    event.appendHeader("Content-Type", "application/json");
    CHECK(event.responseHeader("CONTENT-TYPE") == "application/json");
  });
  CHECK(set.headerCount("Content-Type") == 1);
  CHECK(set.header("Content-Type") == "application/json");

  const RawResponse sent = responseOf([](h3::Event& event) {
    event.setHeader("Content-Type", "application/json");
    event.sendHtml("<p>");
  });
  CHECK(sent.headerCount("Content-Type") == 1);
  CHECK(sent.header("Content-Type") == "text/html; charset=utf-8");
}

TEST_CASE("a copied response outlives its source") {
  const RawResponse response = responseOf([](h3::Event& event) {
    std::string text(100, 'a'), type = "text/x-gone";
    event.sendBytes(text, type);
    text.assign(100, 'b');
    type.assign(type.size(), 'c');
  });
  CHECK(response.body == std::string(100, 'a'));
  CHECK(response.header("Content-Type") == "text/x-gone");
}

TEST_CASE("setHeader replaces all of that name, appendHeader adds") {
  const RawResponse response = responseOf([](h3::Event& event) {
    event.appendHeader("Set-Cookie", "a=1");
    event.appendHeader("set-cookie", "b=2");
    event.appendHeader("X-A", "1");
    event.appendHeader("x-a", "2");
    event.setHeader("X-A", "3");
    CHECK(event.responseHeader("x-A") == "3");
    CHECK(event.responseHeader("X-B") == std::nullopt);
    event.sendText("");
  });
  CHECK(response.headerCount("Set-Cookie") == 2);
  CHECK(response.headerCount("X-A") == 1);
  CHECK(response.header("X-A") == "3");
}

TEST_CASE("bytes that would break the response are never sent: 500") {
  const struct {
    std::string what;
    std::function<void(h3::Event&)> handler;
  } cases[] = {
      {"CR LF in a value", [](h3::Event& event) { event.setHeader("X-A", "a\r\nX-Evil: 1"); }},
      {"LF in a value", [](h3::Event& event) { event.appendHeader("X-A", "a\nb"); }},
      {"NUL in a value", [](h3::Event& event) { event.setHeader("X-A", std::string_view("a\0b", 3)); }},
      {"a replaced value",
       [](h3::Event& event) {
         event.setHeader("X-A", "good");
         event.setHeader("X-A", "bad\r\nX-Evil: 1");
       }},
      {"a name that is no token", [](h3::Event& event) { event.setHeader("X A", "a"); }},
      {"no name", [](h3::Event& event) { event.setHeader("", "a"); }},
      {"a name that the server writes", [](h3::Event& event) { event.setHeader("content-length", "5"); }},
      {"framing", [](h3::Event& event) { event.setHeader("Transfer-Encoding", "chunked"); }},
      {"a second date", [](h3::Event& event) { event.appendHeader("Date", "x"); }},
      {"an option of the connection", [](h3::Event& event) { event.setHeader("Connection", "X-Evil"); }},
      {"an upgrade", [](h3::Event& event) { event.appendHeader("connection", "close, upgrade"); }},
      {"a Link without a URI", [](h3::Event& event) { event.setHeader("Link", "/a"); }},
      {"CR LF in a Link", [](h3::Event& event) { event.setHeader("Link", "</a>\r\nX-Evil: 1"); }},
      {"NUL in a Location", [](h3::Event& event) { event.redirect(std::string_view("/a\0", 3)); }},
      {"a content type", [](h3::Event& event) { event.sendBytes("x", "text/plain\r\nX-Evil: 1"); }},
      {"a redirect", [](h3::Event& event) { event.redirect("/a\r\nX-Evil: 1"); }},
      {"status 199", [](h3::Event& event) { event.setStatus(199); }},
      {"status 600", [](h3::Event& event) { event.setStatus(600); }},
      {"redirect 200", [](h3::Event& event) { event.redirect("/a", 200); }},
      {"redirect 400", [](h3::Event& event) { event.redirect("/a", 400); }},
      {"too many fields",
       [](h3::Event& event) {
         for (int i = 0; i < 129; ++i) event.appendHeader("X-A", "a");
       }},
  };
  for (const auto& broken : cases) {
    CAPTURE(broken.what);
    const RawResponse response = responseOf(broken.handler);
    CHECK(response.status == 500);
    CHECK(response.header("X-Evil") == std::nullopt);
  }
}

TEST_CASE("statuses at the edges, redirects and responses without body") {
  CHECK(responseOf([](h3::Event& event) { event.setStatus(200).sendText("x"); }).status == 200);
  CHECK(responseOf([](h3::Event& event) { event.setStatus(599).sendText("x"); }).reason == "Unknown");
  const RawResponse redirect = responseOf([](h3::Event& event) { event.redirect("/there", 308); });
  CHECK(redirect.status == 308);
  CHECK(redirect.header("Location") == "/there");
  CHECK(redirect.header("Content-Length") == "0");
  const RawResponse nothing = responseOf([](h3::Event& event) {
    event.sendText("dropped");
    event.sendNothing();
  });
  CHECK(nothing.status == 204);
  CHECK(nothing.header("Content-Length") == std::nullopt);
  CHECK(nothing.header("Content-Type") == std::nullopt);
  const RawResponse bare = responseOf([](h3::Event& event) {
    event.setStatus(200);
    CHECK_FALSE(event.responded());
  });
  CHECK(bare.status == 200);
  CHECK(bare.body.empty());
}

TEST_CASE("what goes into Location and Link is a URI") {
  const RawResponse response = responseOf([](h3::Event& event) {
    event.redirect("/\xC3\xBC b?q=\"x\"");
    event.setHeader("Content-Location", "/a|b");
    event.appendHeader("Link", "</one two>; rel=\"next\"");
    event.appendHeader("Link", "</three>");
    CHECK(event.responseHeader("location") == "/%C3%BC%20b?q=%22x%22");
  });
  CHECK(response.header("Location") == "/%C3%BC%20b?q=%22x%22");
  CHECK(response.header("Content-Location") == "/a%7Cb");
  CHECK(response.header("Link") == "</one%20two>; rel=\"next\"");
  CHECK(response.headerCount("Link") == 2);
}

TEST_CASE("a handler may end the connection, by name or by field, and not keep it open") {
  const std::function<void(h3::Event&)> closing[] = {
      [](h3::Event& event) { event.closeConnection(); },
      [](h3::Event& event) { event.setHeader("Connection", "close"); },
      [](h3::Event& event) { event.appendHeader("connection", "Keep-Alive, CLOSE"); },
  };
  for (const auto& close : closing) {
    h3::App app;
    app.get("/", [&](h3::Event& event) {
      CHECK(event.responseHeader("Connection") == std::nullopt);
      close(event);
      CHECK(event.responseHeader("Connection") == "close");
      event.sendText("last");
    });
    const ServedApp served(app);
    RawClient client(served.port());
    const RawResponse last = client.request(requestText("GET", "/"));
    CHECK(last.body == "last");
    CHECK(last.headerCount("Connection") == 1);
    CHECK(last.header("Connection") == "close");
    CHECK(client.closedByServer());
  }
  h3::App app;
  app.get("/", [](h3::Event& event) {
    event.setHeader("Connection", "keep-alive");
    event.sendText("x");
  });
  const ServedApp served(app);
  CHECK(served.get("/").header("Connection") == std::nullopt);
  CHECK(served.get("/", "Connection: close\r\n").header("Connection") == "close");
}

TEST_CASE("Server: the configuration's, else the handler's") {
  h3::App app;
  app.get("/", [](h3::Event& event) {
    event.setHeader("Server", "own");
    event.sendText("");
  });
  CHECK(ServedApp(app).get("/").header("Server") == "own");
  h3::Config config = h3::Config::testing();
  config.serverName = "configured";
  const RawResponse refused = ServedApp(app, config).get("/");
  CHECK(refused.status == 500);
  CHECK(refused.body ==
        "response field Server is written by the server: Config::serverName is \"configured\"");
  CHECK(refused.headerCount("Server") == 1);
}

TEST_CASE("a status without content has none, whatever is sent, and the next response follows directly") {
  h3::App app;
  app.get("/:status", [](h3::Event& event) {
    event.setHeader("ETag", "\"x\"");
    event.setStatus(std::stoi(std::string(*event.getParam("status")))).sendText("content");
  });
  const ServedApp served(app);
  RawClient client(served.port());
  for (const int status : {204, 304}) {
    const RawResponse response = client.request(requestText("GET", "/" + std::to_string(status)));
    CHECK(response.status == status);
    CHECK(response.header("Content-Length") == std::nullopt);
    CHECK(response.header("Content-Type") == std::nullopt);
    CHECK(response.header("ETag") == "\"x\"");
  }
  const RawResponse reset = client.request(requestText("GET", "/205"));
  CHECK(reset.header("Content-Length") == "0");
  CHECK(reset.header("Content-Type") == std::nullopt);
  CHECK(client.request(requestText("GET", "/200")).body == "content");
}

TEST_CASE("HEAD: the length of what is sent, none from a handler for HEAD only that sends nothing") {
  h3::App app;
  app.head("/none", [](h3::Event& event) { event.setStatus(200); });
  app.head("/sent", [](h3::Event& event) { event.sendText("seven b"); });
  app.get("/get", [](h3::Event& event) { event.sendNothing(200); });
  const ServedApp served(app);
  CHECK(served.call("HEAD", "/none").header("Content-Length") == std::nullopt);
  CHECK(served.call("HEAD", "/sent").header("Content-Length") == "7");
  CHECK(served.call("HEAD", "/get").header("Content-Length") == "0");
}
