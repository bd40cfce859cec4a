#include "h3http/rate_limit.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

constexpr std::uint64_t kLimitSecond = 1'000'000'000;

// An app under limits, whose requests come when and from where the test says.
struct LimitedApp {
  LimitedApp() {
    app.onRequest([this](h3::Event& event) {
      h3::EventState::of(event).startedNs = nowNs;
      h3::EventState::of(event).clientAddress = address;
    });
  }
  int ask(const std::string& target, std::string_view fields = {}) {
    if (!worker) worker.emplace(app);
    last = &worker->run(requestText("GET", target, fields));
    return last->status();
  }
  std::string field(std::string_view name) const {
    return std::string(last->responseHeader(name).value_or(""));
  }

  h3::App app;
  std::uint64_t nowNs = 1'000 * kLimitSecond;
  std::string address = "192.0.2.7";
  std::optional<LocalWorker> worker;
  h3::Event* last = nullptr;
};

}  // namespace

TEST_CASE("the fields tell what is left, and 429 when to come back") {
  LimitedApp limited;
  limited.app.useFast(h3::rateLimit({.rule = {2, 60}, .name = "api"}));
  limited.app.get("/", [](h3::Event&) { return "ok"; });
  CHECK(limited.ask("/") == 200);
  CHECK(limited.field("RateLimit-Policy") == "\"api\";q=2;w=60");
  CHECK(limited.field("RateLimit") == "\"api\";r=1;t=30");
  CHECK(limited.field("Retry-After").empty());
  CHECK(limited.ask("/missing") == 404);
  CHECK(limited.ask("/") == 429);
  CHECK(limited.field("RateLimit") == "\"api\";r=0;t=60");
  CHECK(limited.field("Retry-After") == "30");
  CHECK(limited.last->responseBody() == "Too Many Requests");
  limited.nowNs += 30 * kLimitSecond;
  CHECK(limited.ask("/") == 200);
  limited.address = "192.0.2.8";
  CHECK(limited.ask("/") == 200);
}

TEST_CASE("an IPv6 client is its /64") {
  LimitedApp limited;
  limited.app.useFast(h3::rateLimit({.rule = {1, 60}}));
  limited.app.get("/", [](h3::Event&) { return "ok"; });
  const struct {
    const char* address;
    int status;
  } rows[] = {{"2001:db8:0:1::1", 200},
              {"2001:db8:0:1::2", 429},
              {"2001:0db8:0:1:ffff::3", 429},
              {"2001:db8:0:2::1", 200},
              {"::ffff:192.0.2.1", 200},
              {"::ffff:192.0.2.2", 200},
              {"::ffff:192.0.2.1", 429},
              {"fe80::1%eth0", 200},
              {"unix", 200},
              {"unix", 429}};
  for (const auto& row : rows) {
    CAPTURE(std::string(row.address));
    limited.address = row.address;
    CHECK(limited.ask("/") == row.status);
  }
}

TEST_CASE("a key of one's own, and none") {
  LimitedApp limited;
  h3::RateLimitOptions options;
  options.rule = {1, 60};
  options.key = [](h3::Event& event) { return event.getHeader("X-Api-Key").value_or(""); };
  options.sendFields = false;
  limited.app.useFast(h3::rateLimit(options));
  limited.app.get("/", [](h3::Event&) { return "ok"; });
  CHECK(limited.ask("/", "X-Api-Key: a\r\n") == 200);
  CHECK(limited.ask("/", "X-Api-Key: a\r\n") == 429);
  CHECK(limited.field("Retry-After") == "60");
  CHECK(limited.field("RateLimit").empty());
  CHECK(limited.ask("/", "X-Api-Key: b\r\n") == 200);
  for (int i = 0; i < 3; ++i) CHECK(limited.ask("/") == 200);
}

TEST_CASE("limits of one store have buckets of their own, and several limits list their fields") {
  LimitedApp limited;
  const auto store = std::make_shared<h3::MemoryRateLimitStore>();
  limited.app.get("/login", [](h3::Event&) { return "ok"; })
      .useFast(h3::rateLimit({.rule = {1, 60}, .store = store, .name = "login"}));
  limited.app.get("/other", [](h3::Event&) { return "ok"; })
      .useFast(h3::rateLimit({.rule = {3, 60}, .store = store, .name = "other"}))
      .useFast(h3::rateLimit({.rule = {9, 60}, .store = store, .name = "all"}));
  CHECK(limited.ask("/login") == 200);
  CHECK(limited.ask("/login") == 429);
  CHECK(limited.ask("/other") == 200);
  std::string fields;
  for (const auto& field : h3::EventState::of(*limited.last).fields.all())
    fields.append(field.name).append(": ").append(field.value).append("\n");
  CHECK(fields ==
        "RateLimit-Policy: \"other\";q=3;w=60\nRateLimit: \"other\";r=2;t=20\n"
        "RateLimit-Policy: \"all\";q=9;w=60\nRateLimit: \"all\";r=8;t=7\n");
}

TEST_CASE("warm requests under a limit allocate nothing, refused ones neither") {
  LimitedApp limited;
  const auto store = std::make_shared<h3::MemoryRateLimitStore>(160);
  limited.app.get("/", [](h3::Event& event) { event.sendView("ok", "text/plain"); })
      .useFast(h3::rateLimit({.rule = {8, 60}, .store = store, .name = "shared"}))
      .useFast(h3::rateLimit({.rule = {1'000, 60}}));
  for (int i = 0; i < 3; ++i) limited.ask("/");
  const std::string request = requestText("GET", "/");
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) limited.worker->run(request);
  CHECK(counter.count() == 0);
  CHECK(limited.ask("/") == 429);
}

TEST_CASE("options out of range are refused") {
  const auto refuses = [](h3::RateLimitRule rule, std::string name = "x") {
    CHECK_THROWS_AS(h3::rateLimit({.rule = rule, .name = std::move(name)}), std::invalid_argument);
  };
  refuses({0, 60});
  refuses({1'000'001, 60});
  refuses({1, 0});
  refuses({1, 86'401});
  refuses({1, 60}, "");
  refuses({1, 60}, "a b");
  refuses({1, 60}, std::string(65, 'n'));
  CHECK_NOTHROW(h3::rateLimit({.rule = {1'000'000, 86'400}, .name = std::string(64, 'n')}));
}
