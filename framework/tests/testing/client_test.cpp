#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../support/served_app.hpp"
#include "h3http/testing.hpp"
#include "h3http/testing_json.hpp"

using h3::Event;
using h3::test::Client;
using h3::test::ClientOptions;

namespace {

void addSite(h3::App& app) {
  app.get("/hello", [](Event&) { return "hello"; });
  app.get("/number/:n", [](Event& event) { event.sendJson({{"n", *event.getParam("n")}}); });
  app.post("/echo", [](Event& event) {
    event.sendBytes(event.readBody(), event.getHeader("Content-Type").value_or("none"));
  });
  app.get("/large", [](Event& event) { event.sendText(std::string(200'000, 'x')); });
  app.get("/nothing", [](Event& event) { event.sendNothing(204); });
  app.get("/broken", [](Event&) -> const char* { throw std::runtime_error("as intended"); });
  app.post("/login", [](Event& event) {
    event.appendHeader("Set-Cookie", "user=anna; Path=/; Secure; HttpOnly");
    event.appendHeader("Set-Cookie", "form=1; Path=/login");
    event.redirect("/me", 303);
  });
  app.get("/me", [](Event& event) { event.sendText(event.getHeader("Cookie").value_or("a stranger")); });
  app.get("/moved", [](Event& event) { event.redirect("http://test/hello?x", 301); });
  app.post("/kept", [](Event& event) { event.redirect("/echo", 307); });
  app.get("/around", [](Event& event) { event.redirect("/around"); });
  app.get("/away", [](Event& event) { event.redirect("http://elsewhere/x"); });
  app.get("/client", [](Event& event) { event.sendText(event.clientAddress()); });
  app.get("/fields", [](Event& event) {
    event.sendText(
        std::string(event.getHeader("Authorization").value_or("-")).append(" ").append(event.host()));
  });
}

// A response's bytes without its date, which may differ by a second.
std::string undated(std::string bytes) {
  const std::size_t at = bytes.find("Date: ");
  return at == std::string::npos ? bytes : bytes.erase(at, bytes.find("\r\n", at) - at);
}

std::string messageOf(const std::function<void()>& call) {
  try {
    call();
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("methods, bodies and errors") {
  h3::App app;
  addSite(app);
  Client client(app);
  CHECK(client.get("/hello").body == "hello");
  CHECK(client.get("/hello").header("content-type") == "text/plain; charset=utf-8");
  const auto head = client.head("/hello");
  CHECK(head.body.empty());
  CHECK(head.header("Content-Length") == "5");
  CHECK(client.get("/nothing").status == 204);
  CHECK(client.get("/large").body == std::string(200'000, 'x'));
  CHECK(client.get("/missing").status == 404);
  const auto wrong = client.del("/hello");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("Allow") == "GET, HEAD, OPTIONS");
  CHECK(client.get("/broken").status == 500);
  CHECK(client.get("/broken").body == "as intended");  // Config::testing() exposes it
  CHECK(client.post("/echo", "abc", {{"Content-Type", "text/x"}}).header("Content-Type") == "text/x");
  CHECK(client.post("/echo", "").body.empty());
  CHECK(client.post("/echo", std::string(600'000, 'y')).body == std::string(600'000, 'y'));
  CHECK(client.put("/echo", "x").status == 405);
  CHECK(client.patch("/echo", "x").status == 405);
  CHECK(client.options("/hello").status == 204);
  CHECK(client.monitor().total(h3::Metric::connectionsAccepted) == 1);
}

TEST_CASE("JSON and forms") {
  h3::App app;
  addSite(app);
  Client client(app);
  CHECK(client.get("/number/7").json()["n"] == "7");
  const auto json = client.postJson("/echo", R"({"a":[1]})");
  CHECK(json.json()["a"][0] == 1);
  CHECK(json.header("Content-Type") == "application/json");
  const auto form = client.postForm("/echo", {{"name", "a b&c=d"}, {"\xc3\xa9", "~-._*"}});
  CHECK(form.header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(form.body == "name=a+b%26c%3Dd&%C3%A9=%7E-._%2A");
  CHECK(messageOf([&] {
          (void)client.get("/hello").json();
        }).find(R"(found status 200, content type "text/plain)") != std::string::npos);
}

TEST_CASE("cookies are kept, and go where they should") {
  h3::App app;
  addSite(app);
  Client client(app);
  const auto login = client.post("/login", "");
  CHECK(login.status == 303);
  CHECK(login.headerCount("Set-Cookie") == 2);
  CHECK(client.get("/me").body == "user=anna");
  CHECK(client.cookie("form") == "1");
  CHECK(client.get("/me", {{"Cookie", "own=1"}}).body == "own=1");
  client.setCookie("more", "2");
  CHECK(client.get("/me").body == "user=anna; more=2");
  client.clearCookies();
  CHECK(client.get("/me").body == "a stranger");
  ClientOptions forgetful;
  forgetful.keepCookies = false;
  Client other(app, forgetful);
  (void)other.post("/login", "");
  CHECK(other.get("/me").body == "a stranger");
}

TEST_CASE("redirects are followed on demand, to this host only, and not for ever") {
  h3::App app;
  addSite(app);
  CHECK(Client(app).get("/moved").status == 301);
  ClientOptions options;
  options.followRedirects = true;
  Client client(app, options);
  const auto moved = client.get("/moved");
  CHECK(moved.body == "hello");
  CHECK(moved.target == "/hello?x");
  CHECK(moved.redirects == 1);
  const auto login = client.post("/login", "secret", {{"Content-Type", "text/plain"}});
  CHECK(login.body == "user=anna");  // by GET, with the cookie of the redirect itself
  CHECK(client.post("/kept", "again").body == "again");
  CHECK(messageOf([&] { (void)client.get("/around"); }) ==
        "GET /around: more than 10 redirects, the last to \"/around\"");
  CHECK(messageOf([&] { (void)client.get("/away"); }) ==
        "GET /away: redirected to \"http://elsewhere/x\", expected a target of \"test\"");
}

TEST_CASE("default fields, host and client address") {
  h3::App app;
  addSite(app);
  ClientOptions options;
  options.clientAddress = "2001:db8::1";
  options.host = "example.com";
  Client client(app, options);
  CHECK(client.get("/client").body == "2001:db8::1");
  client.setHeader("Authorization", "Bearer x");
  CHECK(client.get("/fields").body == "Bearer x example.com");
  CHECK(client.get("/fields", {{"authorization", "other"}, {"Host", "h"}}).body == "other h");
  client.setHeader("authorization", "");
  CHECK(client.get("/fields").body == "- example.com");
}

TEST_CASE("a request that would not be one is refused, and exchange() sends it") {
  h3::App app;
  addSite(app);
  Client client(app);
  CHECK_THROWS_AS((void)client.get("/a\r\nX: 1"), std::invalid_argument);
  CHECK_THROWS_AS((void)client.get("/", {{"A", "b\nc"}}), std::invalid_argument);
  CHECK_THROWS_AS((void)client.get("/", {{"A\r", "b"}}), std::invalid_argument);
  CHECK_THROWS_AS(client.setHeader("A", std::string_view("\0", 1)), std::invalid_argument);
  CHECK(client.exchange("GET /hello HTTP/1.1\r\n").empty());
  CHECK(client.exchange("Host: a\r\n\r\n").ends_with("\r\n\r\nhello"));
  CHECK(client.exchange("nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CHECK(client.get("/hello").status == 200);  // on a connection of its own
  CHECK(client.monitor().total(h3::Metric::connectionsAccepted) == 2);
  CHECK(client.exchange("GET /hel").empty());
  CHECK(messageOf([&] {
          (void)client.send({"GET", "/hello", {}, {}});
        }).find("GET /hello: expected a whole response") == std::string::npos);
}

TEST_CASE("the same bytes as a server sends") {
  h3::App app;
  addSite(app);
  const h3::test::ServedApp served(app);
  const std::string requests[] = {
      h3::test::requestText("GET", "/hello"),
      h3::test::requestText("HEAD", "/large"),
      h3::test::requestText("GET", "/missing"),
      h3::test::requestText("GET", "/broken"),
      h3::test::requestText("GET", "/nothing"),
      h3::test::requestText("PUT", "/hello"),
      h3::test::requestText("POST", "/echo", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
      h3::test::requestText("POST", "/echo", "Content-Length: 2\r\nExpect: 100-continue\r\n") + "ok",
      h3::test::requestText("POST", "/echo", "Content-Length: 99999999\r\n"),
      h3::test::requestText("GET", "/" + std::string(9'000, 'a')),
      h3::test::requestText("GET", "/hello", "A: " + std::string(20'000, 'a') + "\r\n"),
      "GET /hello HTTP/1.1\r\n\r\n",
      "GET /hello HTTP/1.0\r\n\r\n",
      "GET /hello HTTP/9.9\r\nHost: a\r\n\r\n",
      "\x01\x02\r\n\r\n",
      h3::test::requestText("POST", "/echo", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
  };
  for (const std::string& bytes : requests) {
    CAPTURE(bytes.substr(0, 100));
    h3::test::RawClient raw(served.port());
    raw.send(bytes);
    raw.finishSending();
    Client client(app, {.config = h3::Config::testing()});
    CHECK(undated(raw.receiveAll()) == undated(std::string(client.exchange(bytes))));
  }
}

TEST_CASE("limits are those of the configuration, and a wrong one is an error") {
  h3::App app;
  addSite(app);
  ClientOptions options;
  options.config.limits.bodyBytes = 3;
  Client client(app, options);
  CHECK(client.post("/echo", "abc").status == 200);
  const auto refused = client.post("/echo", "abcd");
  CHECK(refused.status == 413);
  CHECK(refused.closesConnection);
  options.config.limits.headerCount = 1;
  CHECK_THROWS_AS(Client(app, options), h3::ConfigError);
}
