#include <doctest/doctest.h>

#include <new>
#include <stdexcept>
#include <string>

#include "../support/served_app.hpp"

using namespace h3::tests;

namespace {

h3::App failingApp() {
  h3::App app;
  app.get("/secret", [](h3::Event&) -> const char* { throw std::runtime_error("the password is 1234"); });
  app.get("/taken", [](h3::Event&) -> const char* { throw h3::HttpError(409, "taken"); });
  app.get("/gone", [](h3::Event&) -> const char* { throw h3::HttpError(410); });
  app.get("/half", [](h3::Event& event) {
    event.setStatus(201).sendText("half an answer");
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
