#include "app/dispatcher.hpp"

#include <doctest/doctest.h>

#include <exception>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

// What happened, in order; filled by the server's threads.
class Journal {
 public:
  void add(const std::string& entry) {
    const std::lock_guard lock(mutex_);
    text_ += (text_.empty() ? "" : " ") + entry;
  }
  std::string take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(text_, {});
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

void addHooks(h3::App& app, Journal& journal) {
  app.onRequest([&journal](h3::Event& event) { journal.add("request:" + std::string(event.path())); });
  app.onResponse([&journal](h3::Event& event) {
    journal.add("response:" + std::to_string(event.status()));
    event.setHeader("X-Hooked", "yes");
  });
  app.onError([&journal](h3::Event&, const h3::HttpError& error, std::exception_ptr cause) {
    journal.add("error:" + std::to_string(error.status()) + (cause ? "+cause" : ""));
  });
}

}  // namespace

TEST_CASE("hooks run on every path, and onResponse may still set fields") {
  Journal journal;
  h3::App app;
  addHooks(app, journal);
  app.get("/ok", [](h3::Event&) { return "ok"; });
  app.get("/http-error", [](h3::Event&) -> const char* { throw h3::HttpError(409, "taken"); });
  app.get("/broken", [](h3::Event&) -> const char* { throw std::runtime_error("secret"); });
  app.get("/odd", [](h3::Event&) -> const char* { throw 7; });
  const ServedApp served(app);
  const struct {
    std::string request;
    int status;
    const char* journal;
  } cases[] = {
      {requestText("GET", "/ok"), 200, "request:/ok response:200"},
      {requestText("GET", "/missing"), 404, "request:/missing error:404 response:404"},
      {requestText("DELETE", "/ok", "Content-Length: 0\r\n"), 405, "request:/ok error:405 response:405"},
      {requestText("GET", "/http-error"), 409, "request:/http-error error:409+cause response:409"},
      {requestText("GET", "/broken"), 500, "request:/broken error:500+cause response:500"},
      {requestText("GET", "/odd"), 500, "request:/odd error:500+cause response:500"},
      // Refused before it was whole: there is no request to show to onRequest.
      {"GET /ok HTTP/1.1\r\n\r\n", 400, "error:400 response:400"},
      {"nonsense\r\n\r\n", 400, "error:400 response:400"},
      {requestText("POST", "/ok", "Content-Length: 99999999\r\n"), 413, "error:413 response:413"},
      {requestText("POST", "/missing", "Content-Length: 5\r\nExpect: 100-continue\r\n"), 404,
       "error:404 response:404"},
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.request);
    const RawResponse response = served.exchange(sent.request);
    CHECK(response.status == sent.status);
    CHECK(response.header("X-Hooked") == "yes");
    CHECK(journal.take() == sent.journal);
  }
}

TEST_CASE("a handler that gives no response: 500; a status alone is one") {
  h3::App app;
  app.get("/nothing", [](h3::Event&) {});
  app.get("/fields", [](h3::Event& event) { event.setHeader("X-A", "1"); });
  app.get("/later", [](h3::Event& event) { event.defer().complete(); });
  app.get("/status", [](h3::Event& event) { event.setStatus(202); });
  app.get("/ok", [](h3::Event& event) { event.setStatus(200); });
  app.get("/sent", [](h3::Event& event) { event.sendNothing(200); });
  app.get("/stopped", [](h3::Event&) { return "never"; }).useFast([](h3::Event&) {
    return h3::FastResult::stop;
  });
  app.get("/outer", [](h3::Event&) { return "never"; }).use([](h3::Event&, h3::Next&) {});
  h3::Config config = h3::Config::testing();
  config.exposeErrors = false;
  ServedApp served(app, config);
  for (const char* path : {"/nothing", "/fields", "/later", "/stopped", "/outer"}) {
    CAPTURE(path);
    const RawResponse response = served.get(path);
    CHECK(response.status == 500);
    CHECK(response.body == "Internal Server Error");
  }
  const struct {
    const char* path;
    int status;
  } given[] = {{"/status", 202}, {"/ok", 200}, {"/sent", 200}};
  for (const auto& row : given) {
    CAPTURE(row.path);
    const RawResponse response = served.get(row.path);
    CHECK(response.status == row.status);
    CHECK(response.header("Content-Length") == "0");
  }
  CHECK(served.server().monitor().total(h3::Metric::handlerErrors) == 5);
}

TEST_CASE("hooks run in the order of registration") {
  Journal journal;
  h3::App app;
  for (const char* name : {"a", "b"}) {
    app.onRequest([&journal, name](h3::Event&) { journal.add(std::string("request-") + name); });
    app.onResponse([&journal, name](h3::Event&) { journal.add(std::string("response-") + name); });
  }
  app.get("/", [&journal](h3::Event&) {
    journal.add("handler");
    return "";
  });
  (void)ServedApp(app).get("/");
  CHECK(journal.take() == "request-a request-b handler response-a response-b");
}

TEST_CASE("an onRequest hook that throws gets a response as a handler would") {
  Journal journal;
  h3::App app;
  app.onRequest([](h3::Event& event) {
    if (event.path() == "/refused") throw h3::HttpError(403);
  });
  addHooks(app, journal);
  app.get("/refused", [&journal](h3::Event&) {
    journal.add("handler");
    return "";
  });
  const RawResponse response = ServedApp(app).get("/refused");
  CHECK(response.status == 403);
  CHECK(response.body == "Forbidden");
  CHECK(journal.take() == "error:403+cause response:403");
}

TEST_CASE("what onResponse and onError throw changes nothing") {
  Journal journal;
  h3::App app;
  app.onResponse([](h3::Event&) { throw std::runtime_error("response hook"); });
  app.onResponse([](h3::Event&) { throw 7; });
  app.onError(
      [](h3::Event&, const h3::HttpError&, std::exception_ptr) { throw std::runtime_error("error hook"); });
  app.onError([](h3::Event&, const h3::HttpError&, std::exception_ptr) { throw 7; });
  addHooks(app, journal);
  app.get("/ok", [](h3::Event&) { return "ok"; });
  const ServedApp served(app);
  CHECK(served.get("/ok").body == "ok");
  CHECK(served.get("/missing").status == 404);
  CHECK(served.exchange("nonsense\r\n\r\n").status == 400);
  CHECK(journal.take() ==
        "request:/ok response:200 request:/missing error:404 response:404 error:400 response:400");
}

namespace {

h3::App failingApp() {
  h3::App app;
  app.get("/secret", [](h3::Event&) -> const char* { throw std::runtime_error("the password is 1234"); });
  app.get("/taken", [](h3::Event&) -> const char* { throw h3::HttpError(409, "taken"); });
  app.get("/gone", [](h3::Event&) -> const char* { throw h3::HttpError(410); });
  app.get("/half", [](h3::Event& event) {
    event.setStatus(201).sendText("half a response");
    throw h3::HttpError(400, "no");
  });
  app.get("/full", [](h3::Event& event) {
    try {
      while (true) (void)event.arena().allocate(1, 1);
    } catch (const std::bad_alloc&) {
      throw std::runtime_error("the arena is full");
    }
  });
  return app;
}

}  // namespace

TEST_CASE("HttpError gives status and text; anything else a 500 that tells nothing") {
  h3::App app = failingApp();
  h3::Config config = h3::Config::testing();
  config.exposeErrors = false;
  const ServedApp served(app, config);
  const struct {
    std::string target;
    int status;
    const char* body;
  } cases[] = {{"/taken", 409, "taken"},
               {"/gone", 410, "Gone"},
               {"/half", 400, "no"},
               {"/secret", 500, "Internal Server Error"}};
  for (const auto& failed : cases) {
    CAPTURE(failed.target);
    const RawResponse response = served.get(failed.target);
    CHECK(response.status == failed.status);
    CHECK(response.body == failed.body);
    CHECK(response.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(response.header("Connection") == std::nullopt);
  }
}

TEST_CASE("exposeErrors shows a 500's cause") {
  h3::App app = failingApp();
  h3::Config config = h3::Config::testing();
  config.exposeErrors = true;
  CHECK(ServedApp(app, config).get("/secret").body == "the password is 1234");
}

TEST_CASE("a handler that has used up its arena still gets a 500, and the connection goes on") {
  h3::App app = failingApp();
  const ServedApp served(app);
  RawClient client(served.port());
  CHECK(client.request(requestText("GET", "/full")).status == 500);
  CHECK(client.request(requestText("GET", "/gone")).status == 410);
}

TEST_CASE("an HttpError with a status that is no error is a 500") {
  for (const int status : {0, 99, 200, 302, 399, 600, 1000})
    CHECK(h3::HttpError(status, "x").status() == 500);
  for (const int status : {400, 404, 599}) CHECK(h3::HttpError(status, "x").status() == status);
  h3::App app;
  app.get("/", [](h3::Event&) -> const char* { throw h3::HttpError(1000, "x"); });
  CHECK(ServedApp(app).get("/").status == 500);
}
