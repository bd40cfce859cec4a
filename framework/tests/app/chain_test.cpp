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

TEST_CASE("no spelling of a path passes a prefix") {
  h3::App app;
  for (const char* prefix : {"/caf%C3%A9", "/team+a", "/api/v1", "/%25"})
    app.useFast({.prefix = prefix, .methods = {}}, [](Event& event) {
      event.setStatus(403).sendText("denied");
      return FastResult::stop;
    });
  app.get("/**:path", [](Event& event) { return std::string(event.getParam("path").value_or("")); });
  app.get("/:one", [](Event& event) { return std::string(event.getParam("one").value_or("")); });
  LocalWorker worker(app);
  for (const char* target :
       {"/caf%c3%a9/s.txt", "/caf%C3%A9/s.txt", "/c%61f%C3%a9",  "/x/../caf%c3%a9/s", "/%2e/caf%C3%a9",
        "/team+a/s.txt",    "/team%2Ba/s.txt",  "/team%2ba",     "/te%61m+a/",        "/team+a%2Fs",
        "/api/v1",          "/api/v1/x",        "/api//v1/x",    "//api/v1",          "/api%2Fv1",
        "/api%2fv1%2Fx",    "/api/./v1",        "/api/v2/../v1", "/api/v1?x",         "/api/v1%2F",
        "/%2Fapi/v1",       "/%2F%25",          "/%25%2fx"}) {
    CAPTURE(target);
    CHECK(worker.run(requestText("GET", target)).status() == 403);
  }
  for (const char* target : {"/", "/caf%C3%AA", "/cafe", "/team", "/team%20a", "/api", "/api/v1x",
                             "/api/v10/x", "/api%252Fv1", "/x/api/v1", "/api/v1/..", "//"}) {
    CAPTURE(target);
    CHECK(worker.run(requestText("GET", target)).status() == 200);
  }
  // Not denied by a prefix, and served by no handler.
  for (const char* target : {"/x%2F..%2Fapi%2Fv1", "/x%00", "/..%2fapi/v1", "/x/y%2Fz"}) {
    CAPTURE(target);
    CHECK(worker.run(requestText("GET", target)).status() == 404);
  }
}

TEST_CASE("prefixes that can match nothing are refused") {
  h3::App app;
  for (const char* prefix :
       {"api", "/", "/api/", "/a b", "/%zz", "/a/../b", "/caf%c3%a9", "/team%2Ba", "/a%2Fb", "/:id"}) {
    CHECK_THROWS_AS(app.use({.prefix = prefix, .methods = {}}, [](Event&, Next&) {}), std::invalid_argument);
    CHECK_THROWS_AS(app.useFast({.prefix = prefix, .methods = {}}, [](Event&) { return FastResult::next; }),
                    std::invalid_argument);
    CHECK_THROWS_AS(app.mount(prefix, h3::App()), std::invalid_argument);
  }
}
