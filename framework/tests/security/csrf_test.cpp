#include "h3http/csrf.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "browser.hpp"
#include "openssl_allocations.hpp"

using namespace h3::test;

namespace {

const std::string kCsrfSecret = "a secret for the tokens of forms";
const std::string kFormType = "Content-Type: application/x-www-form-urlencoded\r\n";

h3::App guarded(h3::CsrfOptions options) {
  h3::App app;
  app.useFast(h3::csrf(std::move(options)));
  app.get("/form", [](h3::Event& event) { event.sendText(h3::csrfToken(event)); });
  app.get("/", [](h3::Event&) { return "read"; });
  app.post("/", [](h3::Event& event) { event.sendText("written"); });
  app.del("/", [](h3::Event&) { return "deleted"; });
  return app;
}

std::string origin(std::string_view value) { return std::string("Origin: ").append(value).append("\r\n"); }
std::string site(std::string_view value) {
  return std::string("Sec-Fetch-Site: ").append(value).append("\r\n");
}

}  // namespace

TEST_CASE("what other sites have a browser send is refused") {
  h3::App app = guarded({.trustedOrigins = {"https://app.example.org"}});
  Browser browser(app);
  const struct {
    std::string fields;
    int status;
  } rows[] = {
      {"", 200},
      {site("same-origin"), 200},
      {site("none"), 200},
      {site("same-site"), 403},
      {site("cross-site"), 403},
      {site("Same-Origin"), 403},
      {site(""), 403},
      {origin("http://test"), 200},
      {origin("https://TEST"), 200},
      {origin("http://test:8080"), 403},
      {origin("http://test.evil.net"), 403},
      {origin("http://evil.net"), 403},
      {origin("null"), 403},
      {origin(""), 403},
      {origin("http://"), 403},
      {origin("test"), 403},
      {origin("http://test") + site("cross-site"), 403},
      {origin("https://evil.net") + site("same-origin"), 200},  // a browser does not lie about itself
      {origin("https://app.example.org") + site("cross-site"), 200},
      {origin("https://app.example.org"), 200},
      {origin("http://app.example.org"), 403},
      {origin("https://app.example.org.evil.net"), 403},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fields);
    CHECK(browser.post("/", row.fields).status() == row.status);
    CHECK(browser.send("DELETE", "/", row.fields).status() == row.status);
    CHECK(browser.get("/", row.fields).status() == 200);
    CHECK(browser.send("OPTIONS", "/", row.fields).status() != 403);
  }
  CHECK(browser.post("/", site("cross-site")).responseBody() == "Forbidden");
}

TEST_CASE("tokens: the cookie's text must come a second time") {
  h3::App app = guarded({.secrets = {kCsrfSecret}});
  Browser browser(app);
  CHECK(browser.post("/").status() == 403);
  const std::string token(browser.get("/form").responseBody());
  REQUIRE(browser.setCookies().size() == 1);
  CHECK(browser.setCookies()[0] ==
        "__Host-csrf=" + token + "; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict");
  CHECK(browser.get("/form").responseBody() == token);
  CHECK(browser.setCookies().empty());
  const std::string header = "X-CSRF-Token: " + token + "\r\n";
  CHECK(browser.post("/", header).status() == 200);
  CHECK(browser.post("/", header + site("cross-site")).status() == 403);
  CHECK(browser.send("POST", "/", kFormType, "a=b&csrf_token=" + token).status() == 200);
  CHECK(browser
            .send("POST", "/", "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n",
                  "csrf_token=" + token)
            .status() == 200);
  CHECK(browser.send("POST", "/", "Content-Type: text/plain\r\n", "csrf_token=" + token).status() == 403);
  CHECK(browser.send("POST", "/", kFormType, "csrf_token=").status() == 403);
  CHECK(browser.send("POST", "/", kFormType, "a=b").status() == 403);
  CHECK(browser.post("/", "X-CSRF-Token: \r\n").status() == 403);
  CHECK(browser.post("/").status() == 403);
}

TEST_CASE("tokens: equal texts that the server did not sign are nothing") {
  h3::App app = guarded({.secrets = {kCsrfSecret}});
  Browser browser(app);
  for (const std::string& planted : {std::string(), std::string("x"), std::string(82, 'A')}) {
    browser.cookies["__Host-csrf"] = planted;
    CHECK(browser.post("/", "X-CSRF-Token: " + planted + "\r\n").status() == 403);
  }
  browser.cookies.clear();
  const std::string first(browser.get("/form").responseBody());
  browser.cookies.clear();
  const std::string second(browser.get("/form").responseBody());
  CHECK(first != second);
  CHECK(browser.post("/", "X-CSRF-Token: " + first + "\r\n").status() == 403);
  CHECK(browser.post("/", "X-CSRF-Token: " + second + "\r\n").status() == 200);
}

TEST_CASE("tokens: a new secret replaces them without refusing the old") {
  h3::App before = guarded({.secrets = {kCsrfSecret}});
  h3::App after = guarded({.secrets = {"a newer secret for tokens of forms", kCsrfSecret}});
  Browser old(before);
  Browser browser(after);
  const std::string token(old.get("/form").responseBody());
  browser.cookies = old.cookies;
  CHECK(browser.post("/", "X-CSRF-Token: " + token + "\r\n").status() == 200);
  CHECK(browser.get("/form").responseBody() != token);
  CHECK(browser.setCookies().size() == 1);
}

TEST_CASE("warm requests with tokens allocate nothing, in OpenSSL neither") {
  h3::App app = guarded({.secrets = {kCsrfSecret}});
  Browser browser(app);
  const std::string token(browser.get("/form").responseBody());
  const std::string requests[] = {
      requestText("GET", "/form"), requestText("GET", "/form", browser.cookieField()),
      requestText("POST", "/", browser.cookieField() + "X-CSRF-Token: " + token + "\r\n"),
      requestText("POST", "/")};
  for (const std::string& request : requests) {
    for (int i = 0; i < 3; ++i) browser.worker().run(request);
    const std::size_t before = opensslAllocations();
    const AllocationCounter counter;
    for (int i = 0; i < 10; ++i) browser.worker().run(request);
    CHECK(counter.count() == 0);
    CHECK(opensslAllocations() == before);
  }
}

TEST_CASE("options that cannot be used are refused, and a token needs its guard") {
  for (const char* wrong : {"example.org", "https://example.org/", "null", ""})
    CHECK_THROWS_AS(h3::csrf({.trustedOrigins = {wrong}}), std::invalid_argument);
  CHECK_THROWS_AS(h3::csrf({.secrets = {"short"}}), std::invalid_argument);
  CHECK_THROWS_AS(h3::csrf({.secrets = {kCsrfSecret}, .secure = false}), std::invalid_argument);
  CHECK_THROWS_AS(h3::csrf({.header = "X CSRF"}), std::invalid_argument);
  CHECK_THROWS_AS(h3::csrf({.lifetimeSeconds = 59}), std::invalid_argument);
  h3::App app = guarded({});
  Browser browser(app);
  CHECK(browser.get("/form").status() == 500);
}
