#include "h3http/security_headers.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>

#include "../support/served_app.hpp"

using namespace h3::test;

TEST_CASE("good and bad responses have each field once") {
  h3::App app;
  app.useFast(h3::securityHeaders({.contentSecurityPolicy = "default-src 'self'",
                                   .hsts = {.maxAgeSeconds = 60, .includeSubDomains = true}}));
  app.get("/x", [](h3::Event&) { return "x"; });
  app.get("/framed", [](h3::Event& event) {
    event.setHeader("x-frame-options", "SAMEORIGIN");
    event.sendText("x");
  });
  const ServedApp served(app);
  for (const std::string target : {"/x", "/missing"}) {
    CAPTURE(target);
    const RawResponse response = served.get(target);
    CHECK(response.header("X-Content-Type-Options") == "nosniff");
    CHECK(response.header("X-Frame-Options") == "DENY");
    CHECK(response.header("Referrer-Policy") == "same-origin");
    CHECK(response.header("Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(response.header("Content-Security-Policy") == "default-src 'self'");
    CHECK(response.header("Strict-Transport-Security") == "max-age=60; includeSubDomains");
    CHECK(response.header("Permissions-Policy") == std::nullopt);
  }
  const RawResponse framed = served.get("/framed");
  CHECK(framed.header("X-Frame-Options") == "SAMEORIGIN");
  CHECK(framed.headerCount("X-Frame-Options") == 1);
}

TEST_CASE("empty values leave fields out, and HSTS is off by default") {
  h3::App app;
  app.useFast(h3::securityHeaders({.frameOptions = "", .permissionsPolicy = "camera=()"}));
  const ServedApp served(app);
  const RawResponse response = served.get("/x");
  CHECK(response.header("X-Frame-Options") == std::nullopt);
  CHECK(response.header("Strict-Transport-Security") == std::nullopt);
  CHECK(response.header("Content-Security-Policy") == std::nullopt);
  CHECK(response.header("Permissions-Policy") == "camera=()");
}

TEST_CASE("preload, and what it needs") {
  constexpr std::uint32_t kYear = 365 * 24 * 3600;
  h3::App app;
  app.useFast(
      h3::securityHeaders({.hsts = {.maxAgeSeconds = kYear, .includeSubDomains = true, .preload = true}}));
  CHECK(ServedApp(app).get("/x").header("Strict-Transport-Security") ==
        "max-age=31536000; includeSubDomains; preload");
  for (const h3::HstsOptions& hsts : {h3::HstsOptions{kYear - 1, true, true},
                                      h3::HstsOptions{kYear, false, true}, h3::HstsOptions{0, true, true}})
    CHECK_THROWS_AS(h3::securityHeaders({.hsts = hsts}), std::invalid_argument);
}

TEST_CASE("a value that would break responses is refused at construction") {
  CHECK_THROWS_AS(h3::securityHeaders({.contentSecurityPolicy = "a\r\nSet-Cookie: b"}),
                  std::invalid_argument);
}
