// sessions.cpp and stored_sessions.cpp.
#include "h3http/sessions.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "browser.hpp"
#include "h3http/async.hpp"
#include "openssl_allocations.hpp"
#include "security/sha256.hpp"

using namespace h3::test;
using h3::Event;

namespace {

const std::string kCookie = "__Host-session";
std::int64_t sessionTime = 1'800'000'000;

std::int64_t testTime() { return sessionTime; }

std::shared_ptr<h3::MemorySessionStore> memoryStore() {
  return std::make_shared<h3::MemorySessionStore>(
      h3::MemorySessionStoreOptions{.maxEntries = 1600, .maxBytes = 4 * 1024 * 1024, .nowSeconds = testTime});
}

h3::SessionOptions storedIn(std::shared_ptr<h3::SessionStore> store) {
  h3::SessionOptions options;
  options.store = std::move(store);
  options.nowSeconds = testTime;
  return options;
}

// /set?name=value, /get?name, /login, /logout and so on.
void addSessionRoutes(h3::App& app) {
  app.get("/plain", [](Event& event) { event.sendText("no session"); });
  app.get("/set", [](Event& event) {
    const std::string_view query = event.query();
    const std::size_t equals = query.find('=');
    h3::session(event).set(query.substr(0, equals), query.substr(equals + 1));
    event.sendText("");
  });
  app.get("/get",
          [](Event& event) { event.sendText(h3::session(event).get(event.query()).value_or("(none)")); });
  app.get("/erase", [](Event& event) {
    h3::session(event).erase(event.query());
    event.sendText("");
  });
  app.get("/login", [](Event& event) {
    h3::session(event).rotate();
    h3::session(event).set("user", "7");
    event.sendText("");
  });
  app.get("/logout", [](Event& event) {
    h3::session(event).destroy();
    event.sendText("");
  });
  app.get("/renew", [](Event& event) {
    h3::session(event).destroy();
    h3::session(event).set("fresh", "yes");
    event.sendText("");
  });
  app.get("/fail", [](Event& event) {
    h3::session(event).set("half", "done");
    throw std::runtime_error("no");
  });
}

// An app with its store and one browser.
struct Site {
  explicit Site(h3::SessionOptions options = storedIn(memoryStore())) {
    h3::sessions(app, std::move(options));
    addSessionRoutes(app);
    browser.emplace(app);
  }
  std::string get(std::string_view target) { return std::string(browser->get(target).responseBody()); }
  std::string cookie() const {
    return browser->cookies.count(kCookie) != 0 ? browser->cookies.at(kCookie) : "";
  }

  h3::App app;
  std::optional<Browser> browser;
};

class BrokenStore final : public h3::SessionStore {
 public:
  bool loads = true;
  std::optional<std::string_view> load(const h3::SessionKey&, std::uint32_t, h3::Arena&) override {
    if (!loads) throw h3::SessionStoreError("connection refused at 10.0.0.1");
    return std::nullopt;
  }
  void create(const h3::SessionKey&, std::string_view, std::uint32_t) override {
    throw h3::SessionStoreError("connection refused at 10.0.0.1");
  }
  bool replace(const h3::SessionKey&, std::string_view, std::uint32_t) override { return true; }
  void erase(const h3::SessionKey&) override {}
};

}  // namespace

TEST_CASE("a session begins with its first value, and not before") {
  Site site;
  for (const char* target : {"/plain", "/get?user", "/erase?user", "/logout", "/missing"}) {
    CAPTURE(target);
    site.get(target);
    CHECK(site.browser->setCookies().empty());
  }
  Event& event = site.browser->get("/set?user=7");
  REQUIRE(site.browser->setCookies().size() == 1);
  CHECK(site.browser->setCookies()[0] ==
        kCookie + "=" + site.cookie() + "; Path=/; HttpOnly; Secure; SameSite=Lax");
  CHECK(site.cookie().size() == 32);
  CHECK(event.responseHeader("Cache-Control") == "no-store");
  CHECK(event.responseHeader("Vary") == "Cookie");
}

TEST_CASE("values stay from request to request") {
  Site site;
  site.get("/set?user=7");
  site.get("/set?role=guest");
  const std::string cookie = site.cookie();
  CHECK(site.get("/get?user") == "7");
  CHECK(site.browser->setCookies().empty());
  CHECK(site.get("/get?role") == "guest");
  site.get("/erase?user");
  CHECK(site.get("/get?user") == "(none)");
  CHECK(site.get("/get?role") == "guest");
  CHECK(site.cookie() == cookie);
  CHECK(site.browser->get("/plain").responseHeader("Vary") == std::nullopt);
}

TEST_CASE("an id that the server did not make is never adopted") {
  Site site;
  const std::string planted(32, 'A');
  for (const std::string& id : {planted, std::string(), std::string("x"), std::string(4000, 'A')}) {
    site.browser->cookies[kCookie] = id;
    CHECK(site.get("/get?user") == "(none)");
    site.get("/set?user=7");
    CHECK(site.cookie() != id);
    CHECK(site.cookie().size() == 32);
  }
}

TEST_CASE("rotation at login: the id from before is worth nothing") {
  Site site;
  site.get("/set?cart=3");
  const std::string before = site.cookie();
  site.get("/login");
  const std::string after = site.cookie();
  CHECK(after != before);
  CHECK(site.get("/get?user") == "7");
  CHECK(site.get("/get?cart") == "3");
  Browser attacker(site.app);
  attacker.cookies[kCookie] = before;
  CHECK(attacker.get("/get?user").responseBody() == "(none)");
  CHECK(attacker.get("/get?cart").responseBody() == "(none)");
}

TEST_CASE("logout removes session and cookie, and a copy of the cookie is worth nothing") {
  const auto store = memoryStore();
  Site site(storedIn(store));
  site.get("/login");
  const std::string copied = site.cookie();
  site.get("/logout");
  CHECK(site.cookie().empty());
  CHECK(store->stats().entries == 0);
  site.browser->cookies[kCookie] = copied;
  CHECK(site.get("/get?user") == "(none)");
}

TEST_CASE("values that are set after destroy() are of a new session") {
  Site site;
  site.get("/login");
  const std::string before = site.cookie();
  site.get("/renew");
  CHECK(site.browser->setCookies().size() == 1);
  CHECK(site.cookie() != before);
  CHECK(site.get("/get?user") == "(none)");
  CHECK(site.get("/get?fresh") == "yes");
}

TEST_CASE("a request under way does not bring back a destroyed session") {
  const auto store = memoryStore();
  h3::App app;
  h3::sessions(app, storedIn(store));
  addSessionRoutes(app);
  app.get("/meanwhile", [&](Event& event) {
    (void)h3::session(event).get("user");
    store->erase(h3::security::sha256({event.getCookie(kCookie).value()}));  // another request's logout
    h3::session(event).set("user", "7");
    event.sendText("");
  });
  Browser browser(app);
  browser.get("/login");
  browser.get("/meanwhile");
  CHECK(browser.setCookies().empty());
  CHECK(browser.get("/get?user").responseBody() == "(none)");
  CHECK(store->stats().entries == 0);
}

TEST_CASE("a session ends after its time without use, and after its lifetime with it") {
  h3::SessionOptions options = storedIn(memoryStore());
  options.ttlSeconds = 100;
  options.lifetimeSeconds = 250;
  Site site(std::move(options));
  site.get("/set?user=7");
  for (int i = 0; i < 2; ++i) {
    sessionTime += 99;
    CHECK(site.get("/get?user") == "7");
  }
  sessionTime += 51;
  CHECK(site.get("/get?user") == "7");
  sessionTime += 1;  // 250 since the start
  CHECK(site.get("/get?user") == "(none)");
  site.get("/set?user=8");
  sessionTime += 100;
  CHECK(site.get("/get?user") == "(none)");
}

TEST_CASE("a failed request keeps no change") {
  Site site;
  site.get("/set?user=7");
  site.get("/fail");
  CHECK(site.get("/get?half") == "(none)");
  CHECK(site.get("/get?user") == "7");
}

TEST_CASE("a store that fails: 503, and not a word of where it is") {
  const auto store = std::make_shared<BrokenStore>();
  Site site(storedIn(store));
  Event& unsaved = site.browser->get("/set?user=7");
  CHECK(unsaved.status() == 503);
  CHECK(unsaved.responseBody() == "Service Unavailable");
  CHECK(site.browser->setCookies().empty());
  store->loads = false;
  site.browser->cookies[kCookie] = std::string(32, 'A');
  Event& unread = site.browser->get("/get?user");
  CHECK(unread.status() == 503);
  CHECK(unread.responseBody() == "Service Unavailable");
  CHECK(site.browser->get("/plain").status() == 200);
}

TEST_CASE("a session of a coroutine handler is kept when it ends") {
  h3::App app;
  h3::sessions(app, storedIn(memoryStore()));
  addSessionRoutes(app);
  app.get("/later", [](Event& event) -> boost::asio::awaitable<std::string> {
    co_await boost::asio::post(h3::executorOf(event), boost::asio::use_awaitable);
    h3::session(event).set("user", "later");
    co_return "done";
  });
  const ServedApp served(app);
  const std::string cookie = served.get("/later").header("Set-Cookie").value_or("");
  REQUIRE(cookie.starts_with(kCookie));
  CHECK(served.get("/get?user", "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n").body == "later");
}

TEST_CASE("warm sessions allocate nothing, in OpenSSL neither") {
  Site site;
  site.get("/login");
  const std::string requests[] = {
      requestText("GET", "/plain"), requestText("GET", "/get?user", site.browser->cookieField()),
      requestText("GET", "/set?user=8", site.browser->cookieField()),
      requestText("GET", "/get?user", "Cookie: " + kCookie + "=" + std::string(32, 'A') + "\r\n"),
      requestText("GET", "/set?user=new")};
  for (const std::string& request : requests) {
    CAPTURE(request);
    for (int i = 0; i < 300; ++i) site.browser->worker().run(request);
    const std::size_t before = opensslAllocations();
    const AllocationCounter counter;
    for (int i = 0; i < 10; ++i) site.browser->worker().run(request);
    CHECK(counter.count() == 0);
    CHECK(opensslAllocations() == before);
  }
}

TEST_CASE("options that cannot be used are refused, and the message has the fix") {
  const auto says = [](auto change, std::string_view expected) {
    h3::SessionOptions options = storedIn(memoryStore());
    change(options);
    std::string problem;
    h3::App app;
    try {
      h3::sessions(app, std::move(options));
    } catch (const std::invalid_argument& refused) {
      problem = refused.what();
    }
    CAPTURE(problem);
    CHECK(problem.find(expected) != std::string::npos);
  };
  using Options = h3::SessionOptions&;
  says([](Options options) { options.store = nullptr; }, "neither a store nor secrets");
  says([](Options options) { options.secrets = {std::string(32, 's')}; }, "a store and secrets");
  says([](Options options) { options.ttlSeconds = 0; }, "ttlSeconds 0, expected 1 to lifetimeSeconds");
  says([](Options options) { options.ttlSeconds = options.lifetimeSeconds + 1; },
       "expected 1 to lifetimeSeconds");
  says([](Options options) { options.lifetimeSeconds = 34'560'001; }, "400 days");
  says([](Options options) { options.maxBytes = 63; }, "expected 64 to 1048576");
  says([](Options options) { options.secure = false; }, "a __Host- cookie must be secure");
  says([](Options options) { options.cookie = "a b"; }, "a name is a token");
}

TEST_CASE("an app without sessions says so") {
  h3::App app;
  app.get("/", [](Event& event) {
    CHECK_THROWS_AS(h3::session(event), std::logic_error);
    event.sendText("");
  });
  LocalWorker(app).run(requestText("GET", "/"));
}

TEST_CASE("a persistent session's cookie lives as long as the session may") {
  h3::SessionOptions options = storedIn(memoryStore());
  options.persistent = true;
  options.secure = false;
  options.cookie = "sid";
  options.sameSite = h3::SameSite::strict;
  Site site(std::move(options));
  site.get("/set?a=b");
  CHECK(site.browser->setCookies()[0].ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
}
