// Requests that are refused before they are whole: fields of middleware (FastMiddleware::alsoOnRefusals) and hooks.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "h3http/content_security_policy.hpp"
#include "h3http/cors.hpp"
#include "h3http/request_id.hpp"
#include "h3http/security_headers.hpp"
#include "h3http/testing.hpp"

using h3::Event;
using h3::FastMiddleware;
using h3::FastResult;

namespace {

bool hasField(std::string_view response, std::string_view field) {
  return response.find(field) != std::string_view::npos;
}

constexpr const char* kFromPage = "Host: test\r\nOrigin: https://page.example\r\n";

h3::App appWithFields() {
  h3::App app;
  app.useFast(h3::requestId());
  app.useFast(h3::cors({.origins = {"https://page.example"}}));
  app.useFast(h3::securityHeaders());
  app.useFast(h3::contentSecurityPolicy());
  app.useFast([](Event& event) {
    event.setHeader("X-Ordinary", "1");
    return FastResult::next;
  });
  app.post("/notes/:id", [](Event&) { return "kept"; }).limitBody(4).useFast(FastMiddleware([](Event& event) {
                                                                               event.setHeader("X-Route",
                                                                                               "1");
                                                                               event.sendNothing(204);
                                                                               return FastResult::stop;
                                                                             }).alsoOnRefusals());
  return app;
}

}  // namespace

TEST_CASE("a refused request gets the fields of CORS, security and request id, and hooks see its route") {
  h3::App app = appWithFields();
  std::vector<std::string> seen;
  app.onResponse([&seen](Event& event) {
    seen.push_back(std::to_string(event.status()) + std::string(event.routePattern()));
  });
  h3::test::Client client(app);
  const struct {
    std::string request;
    const char* status;
    const char* hook;
  } cases[] = {
      {std::string("POST /notes/1 HTTP/1.1\r\n") + kFromPage + "Content-Length: 5\r\n\r\n", "413",
       "413/notes/:id"},
      {std::string("POST /notes/1 HTTP/1.1\r\n") + kFromPage +
           "Content-Length: 3\r\nExpect: 100-continue\r\nContent-Encoding: gzip\r\n\r\n",
       "415", "415"},
      {std::string("POST /other HTTP/1.1\r\n") + kFromPage + "Content-Length: 99999999\r\n\r\n", "413",
       "413"},
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.request);
    const std::string response(client.exchange(sent.request));
    CAPTURE(response);
    CHECK(response.substr(9, 3) == sent.status);
    CHECK(hasField(response, "Access-Control-Allow-Origin: https://page.example\r\n"));
    CHECK(hasField(response, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(hasField(response, "Content-Security-Policy: "));
    CHECK(hasField(response, "X-Request-Id: "));
    CHECK_FALSE(hasField(response, "X-Ordinary"));
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].starts_with(sent.hook));
    seen.clear();
    client.disconnect();
  }
}

TEST_CASE("a malformed head is refused with the fields that need nothing of it") {
  h3::App app = appWithFields();
  h3::test::Client client(app);
  for (const char* request :
       {"nonsense\r\n\r\n", "GET /x HTTP/1.1\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    CAPTURE(request);
    const std::string response(client.exchange(request));
    CAPTURE(response);
    CHECK(response.substr(9, 3) == "400");
    CHECK(hasField(response, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(hasField(response, "X-Request-Id: "));
    client.disconnect();
  }
}

TEST_CASE(
    "the middleware of a refused request decides nothing: neither status nor body, nor by an exception") {
  h3::App app = appWithFields();
  app.useFast(
      FastMiddleware([](Event&) -> FastResult { throw std::runtime_error("broken"); }).alsoOnRefusals());
  app.useFast({.prefix = "/other", .methods = {}}, FastMiddleware([](Event& event) {
                                                     event.setHeader("X-Scoped", "1");
                                                     return FastResult::next;
                                                   }).alsoOnRefusals());
  h3::test::Client client(app);
  const std::string response(
      client.exchange(std::string("POST /notes/1 HTTP/1.1\r\n") + kFromPage + "Content-Length: 5\r\n\r\n"));
  CAPTURE(response);
  CHECK(hasField(response, "HTTP/1.1 413 "));
  CHECK(hasField(response, "X-Route: 1\r\n"));
  CHECK(hasField(response, "\r\n\r\nContent Too Large"));
  CHECK_FALSE(hasField(response, "X-Scoped"));
}

TEST_CASE("the mark of a fast middleware survives copies") {
  const FastMiddleware plain([](Event&) { return FastResult::next; });
  CHECK_FALSE(plain.runsOnRefusals());
  FastMiddleware marked = FastMiddleware(plain).alsoOnRefusals();
  const std::vector<FastMiddleware> copies(3, marked);
  CHECK(copies[2].runsOnRefusals());
  FastMiddleware copy(marked);  // NOLINT(performance-unnecessary-copy-initialization): is tested
  CHECK(copy.runsOnRefusals());
}
