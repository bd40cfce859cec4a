#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using h3::Event;
using h3::FastResult;
using h3::Method;
using h3::Next;
using namespace h3::test;

namespace {

h3::Middleware layer(std::string& journal, const std::string& name) {
  return [&journal, name](Event&, Next& next) {
    journal += name + "(";
    next();
    journal += ")" + name;
  };
}

h3::FastMiddleware fast(std::string& journal, const std::string& name) {
  return [&journal, name](Event&) {
    journal += name + " ";
    return FastResult::next;
  };
}

// The journal of one request.
std::string journalOf(LocalWorker& worker, std::string& journal, std::string_view method,
                      std::string_view target) {
  journal.clear();
  (void)worker.run(requestText(method, target));
  return journal;
}

}  // namespace

TEST_CASE("fast middleware, then the onion inwards and back, the route's own innermost") {
  std::string journal;
  h3::App app;
  app.use(layer(journal, "A"));
  app.useFast(fast(journal, "f"));
  app.use(layer(journal, "B"));
  app.useFast(fast(journal, "g"));
  app.get("/x",
          [&](Event&) {
            journal += "handler";
            return "";
          })
      .use(layer(journal, "R"))
      .use(layer(journal, "S"))
      .useFast(fast(journal, "r"));
  LocalWorker worker(app);
  CHECK(journalOf(worker, journal, "GET", "/x") == "f g r A(B(R(S(handler)S)R)B)A");
  CHECK(journalOf(worker, journal, "GET", "/missing") == "f g A(B()B)A");
  CHECK(journalOf(worker, journal, "POST", "/x") == "f g A(B()B)A");
}

TEST_CASE("prefix and method decide where middleware applies") {
  std::string journal;
  h3::App app;
  app.use({.prefix = "/api", .methods = {}}, layer(journal, "P"));
  app.useFast({.prefix = "/api/v1", .methods = {}}, fast(journal, "p"));
  app.use({.prefix = "", .methods = {Method::post, Method::put}}, layer(journal, "M"));
  app.useFast({.prefix = "", .methods = {Method::get}}, fast(journal, "g"));
  for (const char* pattern : {"/", "/api", "/api/v1/x", "/apix", "/other"})
    app.all(pattern, [](Event&) { return ""; });
  LocalWorker worker(app);
  const struct {
    std::string method;
    std::string target;
    const char* journal;
  } cases[] = {
      {"GET", "/api", "g P()P"},     {"GET", "/api/", "g P()P"},    {"GET", "/api/v1/x", "p g P()P"},
      {"GET", "/%61pi", "g P()P"},   {"GET", "/apix", "g "},        {"GET", "/other", "g "},
      {"POST", "/api", "P(M()M)P"},  {"PUT", "/other", "M()M"},     {"DELETE", "/other", ""},
      {"GET", "/api?x=/", "g P()P"}, {"GET", "/api/v12", "g P()P"}, {"GET", "/API", "g "},
      {"HEAD", "/other", "g "},  // HEAD runs GET's handler, so it passes GET's middleware too
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.method);
    CAPTURE(sent.target);
    CHECK(journalOf(worker, journal, sent.method, sent.target) == sent.journal);
  }
}

TEST_CASE("a fast middleware that stops has responded: neither onion nor handler run, hooks do") {
  std::string journal;
  h3::App app;
  app.onResponse([&](Event&) { journal += "hook"; });
  app.useFast([](Event& event) {
    if (event.getHeader("Authorization")) return FastResult::next;
    event.setStatus(401).sendText("who?");
    return FastResult::stop;
  });
  app.useFast(fast(journal, "later"));
  app.use(layer(journal, "A"));
  app.get("/x", [](Event&) { return "x"; });
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/x")).responseBody() == "who?");
  CHECK(journal == "hook");
  journal.clear();
  CHECK(worker.run(requestText("GET", "/x", "Authorization: me\r\n")).responseBody() == "x");
  CHECK(journal == "later A()Ahook");
}

TEST_CASE("an onion layer may stop, change the response, or catch exceptions of inner ones") {
  h3::App app;
  app.use({.prefix = "/stop", .methods = {}},
          [](Event& event, Next&) { event.setStatus(403).sendText("stopped"); });
  app.use({.prefix = "/change", .methods = {}}, [](Event& event, Next& next) {
    next();
    CHECK(event.responseBody() == "inner");
    event.sendText("outer");
  });
  app.use({.prefix = "/catch", .methods = {}}, [](Event& event, Next& next) {
    try {
      next();
    } catch (const std::runtime_error& failure) {
      event.sendText(failure.what());
    }
  });
  app.use({.prefix = "/throw", .methods = {}}, [](Event&, Next&) { throw h3::HttpError(418, "tea"); });
  for (const char* pattern : {"/stop", "/change", "/throw"}) app.get(pattern, [](Event&) { return "inner"; });
  app.get("/catch", [](Event&) -> const char* { throw std::runtime_error("caught"); });
  const ServedApp served(app);
  CHECK(served.get("/stop").body == "stopped");
  CHECK(served.get("/change").body == "outer");
  CHECK(served.get("/catch").body == "caught");
  CHECK(served.get("/catch").status == 200);
  CHECK(served.get("/throw").status == 418);
}

TEST_CASE("prefixes that can match nothing are refused") {
  h3::App app;
  for (const char* prefix : {"api", "/", "/api/"}) {
    CHECK_THROWS_AS(app.use({.prefix = prefix, .methods = {}}, [](Event&, Next&) {}), std::invalid_argument);
    CHECK_THROWS_AS(app.useFast({.prefix = prefix, .methods = {}}, [](Event&) { return FastResult::next; }),
                    std::invalid_argument);
    CHECK_THROWS_AS(app.mount(prefix, h3::App()), std::invalid_argument);
  }
}
