// Failures of handlers and middleware: one log line each, which names method, route and request id.
#include "app/failure_log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "../support/captured_stderr.hpp"
#include "h3http/app.hpp"
#include "h3http/async.hpp"
#include "h3http/request_id.hpp"
#include "h3http/testing.hpp"

using h3::Event;
using h3::test::CapturedStderr;
using h3::test::Client;
using h3::test::ClientOptions;
using h3::test::Response;

namespace {

struct Outcome {
  int status = 0;
  std::string body;
  std::string log;
};

void addSilentRoutes(h3::App& app) {
  app.useFast(h3::requestId());
  app.get("/silent/:id", [](Event&) {});
  app.get("/coroutine", [](Event&) -> boost::asio::awaitable<void> { co_return; });
  app.get("/deferred", [](Event& event) { event.defer().complete(); });
  app.get("/never", [](Event& event) { event.defer(); });
  app.get("/onion", [](Event&) { return "never"; }).use([](Event&, h3::Next&) {});
  app.get("/fast", [](Event&) { return "never"; }).useFast([](Event&) { return h3::FastResult::stop; });
  app.get("/throws/:id", [](Event&) -> const char* { throw std::runtime_error("secret"); });
  app.get("/odd", [](Event&) -> const char* { throw 7; });
}

Outcome outcomeOf(std::string_view target, bool exposeErrors) {
  h3::App app;
  addSilentRoutes(app);
  ClientOptions options;
  options.config.exposeErrors = exposeErrors;
  options.config.timeouts.handlerMs = 5;
  Client client(app, options);
  CapturedStderr captured;
  const Response response = client.get(target, {{"X-Request-Id", "id-7"}});
  return {response.status, response.body, captured.take()};
}

}  // namespace

TEST_CASE(
    "a silent or failing handler: one log line with method, route and request id; its cause for developers") {
  const struct {
    const char* target;
    int status;
    const char* route;
    const char* logged;
    const char* exposed;
  } cases[] = {
      {"/silent/5", 500, "GET /silent/:id", "a handler returned without a response",
       "a handler returned without a response"},
      {"/coroutine", 500, "GET /coroutine", "a handler returned without a response",
       "a handler returned without a response"},
      {"/deferred", 500, "GET /deferred", "a handler returned without a response",
       "a handler returned without a response"},
      {"/never", 504, "GET /never", "a handler exceeded its deadline",
       "the handler gave no response within 5 ms"},
      {"/onion", 500, "GET /onion", "a middleware neither responded nor called next()",
       "a middleware neither responded nor called next()"},
      {"/fast", 500, "GET /fast", "a fast middleware stopped the request without a response",
       "a fast middleware stopped the request without a response"},
      {"/throws/5", 500, "GET /throws/:id", "a handler threw", "secret"},
      {"/odd", 500, "GET /odd", "something that is not a std::exception", "Internal Server Error"},
  };
  for (const auto& row : cases) {
    CAPTURE(row.target);
    const Outcome inProduction = outcomeOf(row.target, false);
    CAPTURE(inProduction.log);
    CHECK(inProduction.status == row.status);
    CHECK(inProduction.body == (row.status == 504 ? "Gateway Timeout" : "Internal Server Error"));
    CHECK(std::count(inProduction.log.begin(), inProduction.log.end(), '\n') == 1);
    CHECK(inProduction.log.find(row.logged) != std::string::npos);
    CHECK(inProduction.log.find(std::string(row.route) + ", request ") != std::string::npos);
    CHECK(outcomeOf(row.target, true).body == row.exposed);
  }
}

TEST_CASE("a log line names the id that the client was given") {
  h3::App app;
  addSilentRoutes(app);
  Client client(app);
  CapturedStderr captured;
  const Response response = client.get("/silent/1");
  const std::string log = captured.take();
  CAPTURE(log);
  REQUIRE(response.header("X-Request-Id"));
  CHECK(log.find("request " + std::string(*response.header("X-Request-Id"))) != std::string::npos);
}

TEST_CASE("hooks that throw: one line each, about the request") {
  h3::App app;
  app.get("/x/:id", [](Event&) { return "fine"; });
  app.onResponse([](Event&) { throw std::runtime_error("hook"); });
  Client client(app);
  CapturedStderr captured;
  CHECK(client.get("/x/1").body == "fine");
  CHECK(captured.take().find("an onResponse hook threw: GET /x/:id: hook\n") != std::string::npos);
}
