#include "h3http/cors.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

constexpr const char* kOrigin = "https://example.org";
const std::string kFromOrigin = "Origin: https://example.org\r\n";
const std::string kFromElsewhere = "Origin: https://evil.example\r\n";
const std::string kPreflight = "Access-Control-Request-Method: PUT\r\n";

h3::App appWith(h3::CorsOptions options) {
  h3::App app;
  app.useFast(h3::cors(std::move(options)));
  app.get("/x", [](h3::Event&) { return "x"; });
  app.options("/x", [](h3::Event&) { return "my own"; });
  app.get("/broken", [](h3::Event&) -> const char* { throw std::runtime_error("no"); });
  return app;
}

h3::CorsOptions listed() {
  h3::CorsOptions options;
  options.origins = {"http://localhost:5173", kOrigin};
  options.methods = {h3::Method::get, h3::Method::put};
  options.headers = {"Authorization", "X-Token"};
  options.exposeHeaders = {"X-Request-Id"};
  options.credentials = true;
  options.maxAgeSeconds = 60;
  return options;
}

}  // namespace

TEST_CASE("responses name the allowed origin, and vary by it") {
  h3::App app = appWith(listed());
  const ServedApp served(app);
  for (const std::string target : {"/x", "/missing", "/broken"}) {
    CAPTURE(target);
    const RawResponse allowed = served.get(target, kFromOrigin);
    CHECK(allowed.header("Access-Control-Allow-Origin") == kOrigin);
    CHECK(allowed.header("Access-Control-Allow-Credentials") == "true");
    CHECK(allowed.header("Access-Control-Expose-Headers") == "X-Request-Id");
    CHECK(allowed.header("Access-Control-Allow-Methods") == std::nullopt);
    CHECK(allowed.header("Vary") == "Origin");
    for (const std::string& fields : {kFromElsewhere, std::string("Origin: null\r\n"),
                                      std::string("Origin: https://example.org.evil.example\r\n"),
                                      std::string("Origin: http://example.org\r\n"), std::string()}) {
      CAPTURE(fields);
      const RawResponse other = served.get(target, fields);
      CHECK(other.status == allowed.status);
      CHECK(other.header("Access-Control-Allow-Origin") == std::nullopt);
      CHECK(other.header("Access-Control-Allow-Credentials") == std::nullopt);
      CHECK(other.header("Vary") == "Origin");
    }
  }
}

TEST_CASE("a preflight gets a 204 before any handler") {
  h3::App app = appWith(listed());
  const ServedApp served(app);
  const RawResponse response = served.call("OPTIONS", "/x", kFromOrigin + kPreflight);
  CHECK(response.status == 204);
  CHECK(response.header("Access-Control-Allow-Origin") == kOrigin);
  CHECK(response.header("Access-Control-Allow-Methods") == "GET, PUT");
  CHECK(response.header("Access-Control-Allow-Headers") == "Authorization, X-Token");
  CHECK(response.header("Access-Control-Allow-Credentials") == "true");
  CHECK(response.header("Access-Control-Max-Age") == "60");
  CHECK(response.header("Vary") == "Origin");
  CHECK(served.call("OPTIONS", "/missing", kFromOrigin + kPreflight).status == 204);
  const RawResponse refused = served.call("OPTIONS", "/x", kFromElsewhere + kPreflight);
  CHECK(refused.status == 204);
  CHECK(refused.header("Access-Control-Allow-Origin") == std::nullopt);
  CHECK(refused.header("Access-Control-Allow-Methods") == std::nullopt);
  CHECK(refused.header("Access-Control-Max-Age") == std::nullopt);
  // Not a preflight without both fields.
  CHECK(served.call("OPTIONS", "/x", kFromOrigin).body == "my own");
  CHECK(served.call("OPTIONS", "/x", kPreflight).body == "my own");
}

TEST_CASE("any origin") {
  h3::CorsOptions options;
  options.origins = {"*"};
  h3::App app = appWith(options);
  const ServedApp served(app);
  const RawResponse response = served.get("/x", kFromElsewhere);
  CHECK(response.header("Access-Control-Allow-Origin") == "*");
  CHECK(response.header("Vary") == std::nullopt);
  CHECK(served.get("/x").header("Access-Control-Allow-Origin") == std::nullopt);
  const RawResponse preflight = served.call("OPTIONS", "/x", kFromOrigin + kPreflight);
  CHECK(preflight.header("Access-Control-Allow-Methods") == "GET, HEAD, POST");
  CHECK(preflight.header("Access-Control-Allow-Headers") == std::nullopt);
}

TEST_CASE("policies that make no sense or are dangerous are refused at construction") {
  const auto refuses = [](auto change) {
    h3::CorsOptions options = listed();
    change(options);
    CHECK_THROWS_AS(h3::cors(options), std::invalid_argument);
  };
  using Options = h3::CorsOptions&;
  refuses([](Options options) { options.origins = {"*"}; });  // with credentials
  refuses([](Options options) { options.origins = {}; });
  for (const char* origin : {"example.org", "https://example.org/", "https://", "https://a b", "null", "",
                             "://a", "*", "https://*.example.org"})
    refuses([origin](Options options) { options.origins = {"https://a.example", origin}; });
  refuses([](Options options) { options.headers = {"X Y"}; });
  refuses([](Options options) { options.headers = {""}; });
  refuses([](Options options) { options.exposeHeaders = {"X\r\nY"}; });
  refuses([](Options options) { options.maxAgeSeconds = 86'401; });
  h3::CorsOptions longest = listed();
  longest.maxAgeSeconds = 86'400;
  CHECK_NOTHROW(h3::cors(longest));
}
