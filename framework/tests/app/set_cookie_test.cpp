#include "h3http/set_cookie.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;
using h3::CookieOptions;
using h3::SameSite;

namespace {

// The Set-Cookie fields of a handler's response.
std::vector<std::string> cookiesOf(std::function<void(h3::Event&)> handler) {
  h3::App app;
  app.get("/", [&](h3::Event& event) {
    handler(event);
    event.sendText("");
  });
  LocalWorker worker(app);
  std::vector<std::string> values;
  for (const auto& field : h3::EventState::of(worker.run(requestText("GET", "/"))).fields.all())
    if (field.name == "Set-Cookie") values.emplace_back(field.value);
  return values;
}

std::string cookieOf(std::string_view name, std::string_view value, const CookieOptions& options) {
  const auto values = cookiesOf([&](h3::Event& event) { h3::setCookie(event, name, value, options); });
  REQUIRE(values.size() == 1);
  return values[0];
}

// What setCookie() says about it; "" when it is accepted.
std::string problemOf(const std::string& name, const std::string& value, const CookieOptions& options = {}) {
  std::string problem;
  cookiesOf([&](h3::Event& event) {
    try {
      h3::setCookie(event, name, value, options);
    } catch (const std::invalid_argument& refused) {
      problem = refused.what();
    }
  });
  return problem;
}

}  // namespace

TEST_CASE("attributes of a cookie") {
  CHECK(cookieOf("a", "1", {}) == "a=1; Path=/; HttpOnly; Secure; SameSite=Lax");
  CHECK(cookieOf("a", "",
                 {.path = "/docs", .httpOnly = false, .secure = false, .sameSite = SameSite::strict}) ==
        "a=; Path=/docs; SameSite=Strict");
  CHECK(cookieOf("a", "b=c",
                 {.maxAgeSeconds = 34'560'000,
                  .sameSite = SameSite::none,
                  .domain = "example.org",
                  .partitioned = true}) ==
        "a=b=c; Path=/; Domain=example.org; Max-Age=34560000; HttpOnly; Secure; SameSite=None; Partitioned");
  CHECK(cookieOf("__Host-id", "x", {.maxAgeSeconds = 0}) ==
        "__Host-id=x; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax");
}

TEST_CASE("a cookie that is set again replaces the one of its name, domain and path") {
  const auto replaced = cookiesOf([](h3::Event& event) {
    event.appendHeader("Set-Cookie", "a=raw");
    h3::setCookie(event, "a", "4", {.domain = "example.org"});
    h3::setCookie(event, "a", "1");
    h3::setCookie(event, "ab", "2");
    h3::setCookie(event, "a", "3", {.path = "/x"});
    h3::setCookie(event, "A", "5");
    h3::setCookie(event, "a", "6");
    h3::deleteCookie(event, "a", {.path = "/x"});
  });
  CHECK(replaced ==
        std::vector<std::string>{"a=raw", "a=4; Path=/; Domain=example.org; HttpOnly; Secure; SameSite=Lax",
                                 "a=6; Path=/; HttpOnly; Secure; SameSite=Lax",
                                 "ab=2; Path=/; HttpOnly; Secure; SameSite=Lax",
                                 "a=; Path=/x; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
                                 "A=5; Path=/; HttpOnly; Secure; SameSite=Lax"});
}

TEST_CASE("what browsers would drop is refused, and the message says what to write") {
  const struct {
    std::string name;
    CookieOptions options;
    std::string_view says;
  } rows[] = {
      {"", {}, "a name is a token"},
      {"a b", {}, "a name is a token"},
      {"a=b", {}, "a name is a token"},
      {"a;b", {}, "a name is a token"},
      {"a", {.path = ""}, "must start with '/'"},
      {"a", {.path = "docs"}, "must start with '/'"},
      {"a", {.path = "/a;b"}, "percent-encode"},
      {"a", {.path = "/a\nb"}, "percent-encode"},
      {"a", {.maxAgeSeconds = -1}, "deleteCookie()"},
      {"a", {.secure = false, .sameSite = SameSite::none}, "SameSite=None must be secure"},
      {"a", {.secure = false, .partitioned = true}, "partitioned cookie must be secure"},
      {"a", {.domain = ".example.org"}, "host name"},
      {"a", {.domain = "example.org:80"}, "host name"},
      {"a", {.domain = "a; Path=/"}, "host name"},
      {"__Secure-a", {.secure = false}, "a __Secure- cookie must be secure"},
      {"__secure-a", {.secure = false}, "a __Secure- cookie must be secure"},
      {"__Host-a", {.secure = false}, "a __Host- cookie must be secure"},
      {"__Host-a", {.path = "/x"}, "with the path \"/\""},
      {"__HOST-a", {.domain = "example.org"}, "and no domain"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.says);
    const std::string problem = problemOf(row.name, "v", row.options);
    CHECK(problem.starts_with("cookie \"" + row.name + "\": "));
    CHECK(problem.find(row.says) != std::string::npos);
  }
  CHECK(problemOf("__Secure-a", "v").empty());
  CHECK(problemOf("__Secure-a", "v", {.path = "/x", .domain = "example.org"}).empty());
  CHECK(problemOf("__Hos", "v", {.secure = false}).empty());
}

TEST_CASE("values: every byte") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string value = std::string("secret") + static_cast<char>(byte);
    const bool allowed = byte > 0x20 && byte < 0x7F &&
                         std::string("\",;\\").find(static_cast<char>(byte)) == std::string::npos;
    CAPTURE(byte);
    const std::string problem = problemOf("a", value);
    CHECK(problem.empty() == allowed);
    CHECK(problem.find("secret") == std::string::npos);
    if (!allowed) CHECK(problem.find("byte " + std::to_string(byte) + " at position 6") != std::string::npos);
  }
}

TEST_CASE("sizes, on both sides of their limits") {
  CHECK(problemOf("name", std::string(h3::kMaxCookieBytes - 4, 'v')).empty());
  CHECK(problemOf("name", std::string(h3::kMaxCookieBytes - 3, 'v')).find("4097 bytes") != std::string::npos);
  const std::string longest = "/" + std::string(1023, 'p');
  CHECK(problemOf("a", "v", {.path = longest}).empty());
  CHECK_FALSE(problemOf("a", "v", {.path = longest + "p"}).empty());
  const std::string domain(1024, 'd');
  CHECK(problemOf("a", "v", {.domain = domain}).empty());
  CHECK_FALSE(problemOf("a", "v", {.domain = domain + "d"}).empty());
  const std::string all = cookieOf("name", std::string(h3::kMaxCookieBytes - 4, 'v'),
                                   {.path = longest,
                                    .maxAgeSeconds = INT64_MAX,
                                    .sameSite = SameSite::strict,
                                    .domain = domain,
                                    .partitioned = true});
  CHECK(all.ends_with("; Max-Age=9223372036854775807; HttpOnly; Secure; SameSite=Strict; Partitioned"));
}

TEST_CASE("warm requests that set and delete cookies allocate nothing on the heap") {
  h3::App app;
  const std::string value(2000, 'v');
  app.get("/", [&](h3::Event& event) {
    h3::setCookie(event, "__Host-session", value, {.maxAgeSeconds = 3600});
    h3::setCookie(event, "__Host-session", value);
    h3::deleteCookie(event, "old");
    event.sendText("");
  });
  LocalWorker worker(app);
  const std::string request = requestText("GET", "/");
  for (int i = 0; i < 3; ++i) worker.run(request);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) worker.run(request);
  CHECK(counter.count() == 0);
}
