#include <doctest/doctest.h>

#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "../support/served_app.hpp"

using namespace h3::tests;

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
  app.onError([&journal](h3::Event&, const h3::HttpError& answer, std::exception_ptr cause) {
    journal.add("error:" + std::to_string(answer.status()) + (cause ? "+cause" : ""));
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

TEST_CASE("an onRequest hook that throws is answered as a handler would be") {
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
