#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "browser.hpp"
#include "h3http/sessions.hpp"
#include "openssl_allocations.hpp"

using namespace h3::test;
using h3::Event;

namespace {

const std::string kSecretOne = "the first secret of the test, 01";
const std::string kSecretTwo = "the other secret of the test, 02";
std::int64_t sealedTime = 1'800'000'000;

h3::SessionOptions sealedBy(std::vector<std::string> secrets) {
  h3::SessionOptions options;
  options.secrets = std::move(secrets);
  options.cookie = "__Host-s";
  options.maxBytes = 8192;
  options.nowSeconds = [] { return sealedTime; };
  return options;
}

void addSealedRoutes(h3::App& app) {
  app.get("/set/:name/:bytes", [](Event& event) {
    const std::size_t bytes = std::stoul(std::string(*event.getParam("bytes")));
    h3::session(event).set(*event.getParam("name"), std::string(bytes, 'v'));
    event.sendText("");
  });
  app.get("/size/:name", [](Event& event) {
    const auto value = h3::session(event).get(*event.getParam("name"));
    event.sendText(value ? std::to_string(value->size()) : "(none)");
  });
  app.get("/logout", [](Event& event) {
    h3::session(event).destroy();
    event.sendText("");
  });
}

// An instance of a service: an app of its own, with these secrets.
struct Instance {
  explicit Instance(h3::SessionOptions options) {
    h3::sessions(app, std::move(options));
    addSealedRoutes(app);
    browser.emplace(app);
  }
  std::string get(std::string_view target) { return std::string(browser->get(target).responseBody()); }

  h3::App app;
  std::optional<Browser> browser;
};

}  // namespace

TEST_CASE("a session grows over several cookies and shrinks again") {
  Instance site(sealedBy({kSecretOne}));
  const struct {
    std::size_t bytes, cookies;
  } rows[] = {{1, 1}, {2'900, 1}, {3'100, 2}, {8'100, 3}, {3'500, 2}, {10, 1}, {8'188, 3}, {0, 1}};
  for (const auto& row : rows) {
    CAPTURE(row.bytes);
    site.get("/set/name/" + std::to_string(row.bytes));
    CHECK(site.browser->cookies.size() == row.cookies);
    CHECK(site.get("/size/name") == std::to_string(row.bytes));
    CHECK(site.browser->setCookies().empty());
  }
  site.get("/set/name/8188");
  site.get("/logout");
  CHECK(site.browser->cookies.empty());
}

TEST_CASE("a changed, missing or mixed part is no session") {
  Instance site(sealedBy({kSecretOne}));
  site.get("/set/name/8000");
  const auto good = site.browser->cookies;
  REQUIRE(good.size() == 3);
  for (const auto& part : good) {
    auto bad = good;
    bad[part.first][part.second.size() / 2] ^= 1;
    site.browser->cookies = bad;
    CHECK(site.get("/size/name") == "(none)");
    bad = good;
    bad.erase(part.first);
    site.browser->cookies = bad;
    CHECK(site.get("/size/name") == "(none)");
  }
  site.browser->cookies = good;
  site.get("/set/name/8000");
  auto mixed = site.browser->cookies;
  mixed["__Host-s-1"] = good.at("__Host-s-1");
  site.browser->cookies = mixed;
  CHECK(site.get("/size/name") == "(none)");
  for (const char* value : {"", "1", "1.", "0.AAAA", "4.AAAA", "9.AAAA", "1xAAAA", "3.AAAA"}) {
    site.browser->cookies = {{"__Host-s", value}};
    CHECK(site.get("/size/name") == "(none)");
  }
}

TEST_CASE("instances with a common secret share sessions, and move to the first") {
  Instance before(sealedBy({kSecretOne}));
  Instance during(sealedBy({kSecretTwo, kSecretOne}));
  Instance after(sealedBy({kSecretTwo}));
  before.get("/set/name/5");
  during.browser->cookies = before.browser->cookies;
  after.browser->cookies = before.browser->cookies;
  CHECK(after.get("/size/name") == "(none)");
  CHECK(during.get("/size/name") == "5");
  CHECK(during.browser->setCookies().size() == 1);  // sealed anew, though it did not change
  after.browser->cookies = during.browser->cookies;
  CHECK(after.get("/size/name") == "5");
  h3::SessionOptions otherName = sealedBy({kSecretOne});
  otherName.cookie = "__Host-t";
  Instance other(otherName);
  other.browser->cookies["__Host-t"] = before.browser->cookies["__Host-s"];
  CHECK(other.get("/size/name") == "(none)");
}

TEST_CASE("a session ends after its time without use, and after its lifetime with it") {
  h3::SessionOptions options = sealedBy({kSecretOne});
  options.ttlSeconds = 100;
  options.lifetimeSeconds = 260;
  Instance site(std::move(options));
  site.get("/set/name/5");
  sealedTime += 24;
  CHECK(site.get("/size/name") == "5");
  CHECK(site.browser->setCookies().empty());
  sealedTime += 1;  // a quarter of the time is over
  CHECK(site.get("/size/name") == "5");
  CHECK(site.browser->setCookies().size() == 1);
  for (int i = 0; i < 2; ++i) {
    sealedTime += 99;
    CHECK(site.get("/size/name") == "5");
  }
  const auto last = site.browser->cookies;
  sealedTime += 36;
  CHECK(site.get("/size/name") == "5");
  sealedTime += 1;  // 260 since the start
  CHECK(site.get("/size/name") == "(none)");
}

TEST_CASE("sizes that do not fit are refused at the start") {
  h3::SessionOptions options = sealedBy({kSecretOne});
  options.maxBytes = 10'000;
  h3::App app;
  CHECK_THROWS_AS(h3::sessions(app, options), std::invalid_argument);
  options.maxBytes = 8192;
  CHECK_NOTHROW(h3::sessions(app, options));
  options.secrets = {"short"};
  CHECK_THROWS_AS(h3::sessions(app, options), std::invalid_argument);
}

TEST_CASE("a warm session in one cookie allocates nothing, in OpenSSL neither") {
  Instance site(sealedBy({kSecretOne}));
  site.get("/set/name/10");
  const std::string request = requestText("GET", "/size/other", site.browser->cookieField());
  sealedTime += 1'000;  // it is renewed, too
  for (int i = 0; i < 3; ++i) site.browser->worker().run(request);
  const std::size_t before = opensslAllocations();
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) site.browser->worker().run(request);
  CHECK(counter.count() == 0);
  CHECK(opensslAllocations() == before);
}
