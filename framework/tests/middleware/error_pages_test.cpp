#include "h3http/error_pages.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/h3.hpp"
#include "h3http/testing.hpp"

using namespace h3::test;
using h3::ErrorFormat;
using h3::Event;

namespace {

const std::string kBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";

h3::App appWithErrors(h3::ErrorPageOptions options = {}) {
  h3::App app;
  h3::errorPages(app, std::move(options));
  app.get("/note", [](Event&) { throw h3::HttpError(404, "no note <b>\"7\"</b>"); });
  app.get("/own", [](Event& event) {
    event.setStatus(409);
    event.sendText("it has changed");
  });
  app.get("/json", [](Event& event) {
    event.setStatus(400);
    event.sendJson({{"error", "mine"}});
  });
  app.get("/long", [](Event& event) {
    event.setStatus(400);
    event.sendText(std::string(4097, 'x'));
  });
  app.get("/fine", [](Event& event) { event.sendText("fine"); });
  app.post("/upload", [](Event& event) { event.sendText("taken"); }).limitBody(10);
  return app;
}

std::string typeOf(const Response& response) {
  return std::string(response.header("Content-Type").value_or("(none)"));
}

}  // namespace

TEST_CASE("browsers get a page, programs problem details, others the text") {
  h3::App app = appWithErrors();
  Client client(app);
  const std::string kText = "text/plain; charset=utf-8", kHtml = "text/html; charset=utf-8",
                    kJson = "application/problem+json";
  const struct {
    std::string accept, type;
  } rows[] = {
      {kBrowser, kHtml},
      {"text/html", kHtml},
      {"application/json", kJson},
      {"application/problem+json", kJson},
      {"application/json, text/plain, */*", kText},
      {"application/json, */*;q=0.5", kJson},
      {"text/plain;q=0.1, text/html;q=0.2", kHtml},
      {"*/*", kText},
      {"image/png", kText},
      {"text/html;q=0", kText},
  };
  for (const auto& row : rows) {
    CAPTURE(row.accept);
    const Response response = client.get("/note", {{"Accept", row.accept}});
    CHECK(response.status == 404);
    CHECK(typeOf(response) == row.type);
    CHECK(response.header("Vary") == "Accept");
  }
  CHECK(typeOf(client.get("/note")) == kText);
  CHECK(client.get("/note").body == "no note <b>\"7\"</b>");
  CHECK(client.get("/note", {{"Accept", "application/json"}}).body ==
        R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no note <b>\"7\"</b>"})");
  const std::string page = client.get("/note", {{"Accept", kBrowser}}).body;
  CHECK(page.find("<title>404 Not Found</title>") != std::string::npos);
  CHECK(page.find("<p>no note &lt;b&gt;&quot;7&quot;&lt;/b&gt;</p>") != std::string::npos);
  CHECK(page.find("<b>") == std::string::npos);
}

TEST_CASE("unmatched, refused and own errors alike; other responses are left alone") {
  h3::App app = appWithErrors();
  Client client(app);
  const Headers html{{"Accept", "text/html"}};
  const Response missing = client.get("/nowhere", html);
  CHECK(missing.body.find("<h1>404 Not Found</h1>\n") != std::string::npos);
  CHECK(missing.body.find("<p>") == std::string::npos);  // it would only repeat the title
  const Response wrongMethod = client.del("/fine", html);
  CHECK(wrongMethod.status == 405);
  CHECK(wrongMethod.header("Allow") == "GET, HEAD, OPTIONS");
  CHECK(wrongMethod.body.find("<h1>405") != std::string::npos);
  CHECK(client.get("/own", html).body.find("<p>it has changed</p>") != std::string::npos);
  CHECK(client.post("/upload", "more than ten", html).body.find("<h1>413") != std::string::npos);
  const Response head = client.head("/nowhere", html);
  CHECK(head.header("Content-Length") == missing.header("Content-Length"));

  CHECK(client.get("/json", html).body == R"({"error":"mine"})");
  CHECK(client.get("/long", html).body == std::string(4097, 'x'));
  const Response fine = client.get("/fine", html);
  CHECK(fine.body == "fine");
  CHECK_FALSE(fine.header("Vary"));
}

TEST_CASE("a request that is refused before its head is read gets the first format") {
  h3::App app = appWithErrors({.formats = {ErrorFormat::json, ErrorFormat::text, ErrorFormat::html}});
  Client client(app);
  const std::string response(client.exchange("GET / HTTP/1.1\r\nHost : x\r\nAccept: text/html\r\n\r\n"));
  CHECK(response.starts_with("HTTP/1.1 400 "));
  CHECK(response.find("application/problem+json") != std::string::npos);
  CHECK(typeOf(client.get("/note", {{"Accept", "*/*"}})) == "application/problem+json");
}

TEST_CASE("a page of the program's own; one that throws leaves the text") {
  h3::App app = appWithErrors({.html = [](Event& event, const h3::ErrorPage& page) {
    if (page.status == 409) throw std::runtime_error("the template is broken");
    event.sendHtml(std::string("<p>") + std::to_string(page.status) + std::string(page.title) +
                   std::string(h3::escapeHtml(page.message, event.arena())));
  }});
  Client client(app);
  const Response own = client.get("/note", {{"Accept", "text/html"}});
  CHECK(own.status == 404);
  CHECK(own.body == "<p>404Not Foundno note &lt;b&gt;&quot;7&quot;&lt;/b&gt;");
  const Response broken = client.get("/own", {{"Accept", "text/html"}});
  CHECK(broken.status == 409);
  CHECK(broken.body == "it has changed");
}

TEST_CASE("formats that are missing or given twice are refused") {
  h3::App app;
  CHECK_THROWS_AS(h3::errorPages(app, {.formats = {ErrorFormat::html}}), std::invalid_argument);
  CHECK_THROWS_AS(h3::errorPages(app, {.formats = {ErrorFormat::html, ErrorFormat::html, ErrorFormat::json}}),
                  std::invalid_argument);
}

TEST_CASE("warm error pages allocate nothing on the heap") {
  h3::App app = appWithErrors();
  LocalWorker worker(app);
  for (const char* const accept : {"text/html", "application/json", "*/*"}) {
    for (const char* const target : {"/nowhere", "/own"}) {
      const std::string request = requestText("GET", target, std::string("Accept: ") + accept + "\r\n");
      for (int i = 0; i < 3; ++i) (void)worker.run(request);
      const AllocationCounter counter;
      for (int i = 0; i < 10; ++i) (void)worker.run(request);
      CAPTURE(request);
      CHECK(counter.count() == 0);
    }
  }
}
