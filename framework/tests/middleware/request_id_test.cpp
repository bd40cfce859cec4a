#include "h3http/request_id.hpp"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "../support/pattern.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

h3::App appWithIds(h3::RequestIdOptions options) {
  h3::App app;
  app.useFast(h3::requestId(std::move(options)));
  app.get("/id",
          [](h3::Event& event) { event.sendText(event.getContext(h3::kRequestIdKey).value_or("none")); });
  return app;
}

bool isOurs(const std::string& id) { return matches(id, "[0-9a-f]{16}-[0-9a-f]{16}"); }

}  // namespace

TEST_CASE("each request has its own id, in context and response") {
  h3::App app = appWithIds({});
  h3::Config config = h3::Config::testing();
  config.threads = 2;
  const ServedApp served(app, config);
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const RawResponse response = served.get("/id", "X-Request-Id: given\r\n");
    CHECK(response.header("X-Request-Id") == response.body);
    CHECK(isOurs(response.body));
    ids.insert(response.body);
  }
  CHECK(ids.size() == 20);
  CHECK(isOurs(served.get("/missing").header("X-Request-Id").value_or("")));
}

TEST_CASE("a trusted id is taken over when it is well-formed") {
  h3::App app = appWithIds({.header = "X-Trace", .trustIncoming = true});
  const ServedApp served(app);
  const std::string longest(128, 'a');
  const struct {
    std::string sent;
    bool taken;
  } cases[] = {{"abc-DEF_1.2", true}, {longest, true}, {longest + "a", false}, {"a b", false},
               {"a\"b", false},       {"a/b", false},  {"\xc3\xa9", false},    {"", false}};
  for (const auto& id : cases) {
    CAPTURE(id.sent);
    const RawResponse response = served.get("/id", "x-trace: " + id.sent + "\r\n");
    CHECK((response.body == id.sent) == id.taken);
    CHECK(response.header("X-Trace") == response.body);
    if (!id.taken) CHECK(isOurs(response.body));
  }
}

TEST_CASE("a header that is no field name is refused at construction") {
  CHECK_THROWS_AS(h3::requestId({.header = "X Y"}), std::invalid_argument);
  CHECK_THROWS_AS(h3::requestId({.header = ""}), std::invalid_argument);
  CHECK_THROWS_AS(h3::requestId({.header = "Date"}), std::invalid_argument);
}
