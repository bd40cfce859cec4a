#include "h3http/typed_values.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/async.hpp"

using namespace h3::test;

namespace shop {

enum class Order { newest, oldest };
constexpr auto valueNames(Order) {
  return std::to_array<h3::ValueName<Order>>({{"newest", Order::newest}, {"oldest", Order::oldest}});
}

}  // namespace shop

namespace {

// What one value of the query "v=TEXT" gives: the value, or what was expected.
template <class T>
struct Outcome {
  std::optional<T> value;
  std::string expected;
};

template <class T>
Outcome<T> readQuery(const std::string& query, const typename h3::ValueTraits<T>::Rule& rule = {}) {
  Outcome<T> outcome;
  h3::App app;
  app.get("/", [&](h3::Event& event) {
    try {
      outcome.value = event.query<T>("v", rule);
    } catch (const h3::InvalidValues& invalid) {
      REQUIRE(invalid.listed().size() == 1);
      outcome.expected = invalid.listed().front().expected;
    }
    event.sendText("");
  });
  LocalWorker worker(app);
  worker.run(requestText("GET", "/?" + query));
  return outcome;
}

template <class T>
bool isRefused(const std::string& query, const typename h3::ValueTraits<T>::Rule& rule = {}) {
  return !readQuery<T>(query, rule).value;
}

}  // namespace

TEST_CASE("integers: decimal, whole, within the type and the rule") {
  CHECK(readQuery<int>("v=20").value == 20);
  CHECK(readQuery<int>("v=-7").value == -7);
  CHECK(readQuery<int>("v=007").value == 7);
  CHECK(readQuery<std::int8_t>("v=-128").value == std::int8_t{-128});
  CHECK(readQuery<std::uint64_t>("v=18446744073709551615").value ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(readQuery<std::int64_t>("v=-9223372036854775808").value == std::numeric_limits<std::int64_t>::min());
  for (const char* text :
       {"", "x", "1x", "%201", "1%20", "%2B1", "1.0", "1e2", "0x10", "2147483648", "--1", "1%00", "%D9%A1"}) {
    CAPTURE(text);
    CHECK(isRefused<int>(std::string("v=") + text));
  }
  CHECK(isRefused<std::uint8_t>("v=256"));
  CHECK(isRefused<std::uint8_t>("v=-1"));
  CHECK(isRefused<std::uint64_t>("v=18446744073709551616"));
  CHECK(readQuery<int>("v=1", {.min = 1, .max = 100}).value == 1);
  CHECK(readQuery<int>("v=100", {.min = 1, .max = 100}).value == 100);
  CHECK(readQuery<int>("v=0", {.min = 1, .max = 100}).expected == "an integer from 1 to 100");
  CHECK(readQuery<int>("v=101", {.min = 1, .max = 100}).expected == "an integer from 1 to 100");
  CHECK(readQuery<std::uint8_t>("v=x").expected == "an integer from 0 to 255");
}

TEST_CASE("numbers: finite, within the type and the rule") {
  CHECK(readQuery<double>("v=2.5").value == 2.5);
  CHECK(readQuery<double>("v=-1e3").value == -1000);
  CHECK(readQuery<float>("v=0.1").value == 0.1F);
  for (const char* text : {"", "inf", "-inf", "nan", "1e309", "1,5", "0x1p3", "1.5x", "%2B1"}) {
    CAPTURE(text);
    CHECK(isRefused<double>(std::string("v=") + text));
  }
  CHECK(isRefused<float>("v=1e39"));
  CHECK(readQuery<double>("v=x").expected == "a number");
  CHECK(readQuery<double>("v=x", {.min = 0.5}).expected == "a number of at least 0.5");
  CHECK(readQuery<double>("v=x", {.max = 2}).expected == "a number of at most 2");
  CHECK(readQuery<double>("v=2.01", {.min = 0, .max = 2}).expected == "a number from 0 to 2");
}

TEST_CASE("booleans, texts and enums") {
  for (const char* text : {"true", "1", "on"}) CHECK(readQuery<bool>(std::string("v=") + text).value == true);
  for (const char* text : {"false", "0", "off"})
    CHECK(readQuery<bool>(std::string("v=") + text).value == false);
  for (const char* text : {"", "TRUE", "yes", "2", "true%20"}) {
    CAPTURE(text);
    CHECK(readQuery<bool>(std::string("v=") + text).expected == "true or false");
  }
  using Text = std::string_view;
  CHECK(readQuery<Text>("v=a%20b+%C3%A9", {.minBytes = 1, .maxBytes = 6}).value.has_value());
  CHECK(readQuery<Text>("v=").value == "");
  CHECK(readQuery<Text>("v=", {.minBytes = 1}).expected == "UTF-8 text without NUL of at least 1 byte");
  CHECK(readQuery<Text>("v=abc", {.maxBytes = 2}).expected == "UTF-8 text without NUL of at most 2 bytes");
  CHECK(readQuery<Text>("v=abc", {.minBytes = 1, .maxBytes = 2}).expected ==
        "UTF-8 text without NUL of 1 to 2 bytes");
  for (const char* text : {"a%00b", "%FF", "%C3", "%ED%A0%80"}) {
    CAPTURE(text);
    CHECK(readQuery<Text>(std::string("v=") + text).expected == "UTF-8 text without NUL");
  }
  CHECK(readQuery<shop::Order>("v=oldest").value == shop::Order::oldest);
  CHECK(readQuery<shop::Order>("v=Oldest").expected == "one of: newest, oldest");
}

TEST_CASE("missing values: a fallback, an optional, or wrong") {
  CHECK(readQuery<int>("w=1", {.fallback = 20}).value == 20);
  CHECK(readQuery<int>("v=", {.fallback = 20}).value == 20);
  CHECK(isRefused<int>("v=x", {.fallback = 20}));
  CHECK(isRefused<int>("w=1"));
  CHECK(*readQuery<std::optional<int>>("w=1").value == std::nullopt);
  CHECK(*readQuery<std::optional<int>>("v=3").value == 3);
  CHECK(*readQuery<std::optional<int>>("v=").value == std::nullopt);
  CHECK(isRefused<std::optional<int>>("v=x"));
  CHECK(readQuery<std::string_view>("v=", {.fallback = "x"}).value == "");
  CHECK(readQuery<std::string_view>("w=", {.fallback = "x"}).value == "x");
  CHECK(readQuery<shop::Order>("", {.fallback = shop::Order::newest}).value == shop::Order::newest);
  CHECK(readQuery<int>("v=1&v=2").value == 1);
}

TEST_CASE("all wrong values are in one response, as problem details") {
  h3::App app;
  app.get("/notes/:id", [](h3::Event& event) {
    const auto [id, limit, order, dry] = h3::readValues(
        event, h3::inPath<int>("id"), h3::inQuery<int>("limit", {.min = 1, .max = 100, .fallback = 20}),
        h3::inQuery<shop::Order>("order"), h3::inHeader<bool>("X-Dry-Run", {.fallback = false}));
    return std::to_string(id) + " " + std::to_string(limit) + (dry ? " dry" : "") +
           (order == shop::Order::newest ? " newest" : " oldest");
  });
  const ServedApp served(app);
  CHECK(served.get("/notes/7?order=oldest", "X-Dry-Run: on\r\n").body == "7 20 dry oldest");
  const RawResponse refused = served.get("/notes/x%22?limit=101", "X-Dry-Run: perhaps\r\n");
  CHECK(refused.status == 400);
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(
      refused.body ==
      R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"4 values are not as expected","errors":[)"
      R"({"in":"path","name":"id","found":"x\"","expected":"an integer from -2147483648 to 2147483647"},)"
      R"({"in":"query","name":"limit","found":"101","expected":"an integer from 1 to 100"},)"
      R"({"in":"query","name":"order","found":null,"expected":"one of: newest, oldest"},)"
      R"({"in":"header","name":"X-Dry-Run","found":"perhaps","expected":"true or false"}]})");
  CHECK(served.get("/notes/7").body.find("\"1 value is not as expected\"") != std::string::npos);
}

TEST_CASE("what is found is cut, and not within a character") {
  h3::App app;
  std::string found;
  app.get("/", [](h3::Event& event) { event.query<int>("v"); });
  app.onError([&found](h3::Event&, const h3::HttpError& error, const std::exception_ptr&) {
    found = *dynamic_cast<const h3::InvalidValues&>(error).listed().front().found;
  });
  LocalWorker worker(app);
  worker.run(requestText("GET", "/?v=" + std::string(64, 'x')));
  CHECK(found == std::string(64, 'x'));
  worker.run(requestText("GET", "/?v=" + std::string(4000, 'x')));
  CHECK(found == std::string(64, 'x') + "...");
  worker.run(requestText("GET", "/?v=" + std::string(62, 'x') + "%E2%82%AC%E2%82%AC"));
  CHECK(found == std::string(62, 'x') + "...");
}

TEST_CASE("an App responds to wrong values in its own way; onError sees them") {
  int hooks = 0;
  h3::App inner;
  inner.onInvalidValues([](h3::Event& event, const h3::InvalidValues& invalid) {
    event.setStatus(422).sendText(invalid.what());
  });
  inner.get("/x", [](h3::Event& event) { event.query<int>("v"); });
  h3::App app;
  app.onError([&hooks](h3::Event&, const h3::HttpError& error, const std::exception_ptr&) {
    hooks += error.status() == 400 ? 1 : 0;
  });
  app.mount("/in", std::move(inner));
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/in/x?v=a")).responseBody() ==
        "query \"v\": expected an integer from -2147483648 to 2147483647, found \"a\"");
  CHECK(worker.run(requestText("GET", "/in/x")).status() == 422);
  CHECK(hooks == 2);

  h3::App failing;
  failing.onInvalidValues([](h3::Event&, const h3::InvalidValues&) { throw std::runtime_error("no"); });
  failing.get("/", [](h3::Event& event) { event.query<int>("v"); });
  LocalWorker other(failing);
  CHECK(other.run(requestText("GET", "/")).status() == 500);
}

TEST_CASE("path parameters: text, typed, optional; an unknown one is an error of the program") {
  h3::App app;
  app.get("/a/:id/:rest?", [](h3::Event& event) {
    return std::string(event.param("id")) + "|" + std::string(event.param("rest")) + "|" +
           std::to_string(event.param<int>("rest", {.fallback = -1}));
  });
  app.get("/b/:id", [](h3::Event& event) { event.sendText(event.param("nam")); });
  app.get("/c/:id?", [](h3::Event& event) { return std::to_string(event.param<int>("id")); });
  app.get("/d/**", [](h3::Event& event) { event.sendText(event.param("")); });
  app.get("/e/:id", [](h3::Event& event) {
    event.setParam("id", "12");
    return std::to_string(event.param<int>("id"));
  });
  h3::Config config = h3::Config::testing();
  config.exposeErrors = true;
  LocalWorker worker(app, config);
  CHECK(worker.run(requestText("GET", "/a/x%20y/5")).responseBody() == "x y|5|5");
  CHECK(worker.run(requestText("GET", "/a/x")).responseBody() == "x||-1");
  const h3::Event& unknown = worker.run(requestText("GET", "/b/1"));
  CHECK(unknown.status() == 500);
  CHECK(unknown.responseBody() == "path parameter \"nam\": route \"/b/:id\" has only: id");
  CHECK(worker.run(requestText("GET", "/c")).status() == 400);
  CHECK(worker.run(requestText("GET", "/c/4")).responseBody() == "4");
  CHECK(worker.run(requestText("GET", "/d/1")).responseBody() ==
        "path parameter \"\": route \"/d/**\" has none");
  CHECK(worker.run(requestText("GET", "/e/1")).responseBody() == "12");
}

TEST_CASE("a handler with values: they are its arguments, and its parameters are checked at registration") {
  h3::App app;
  app.get("/n/:id",
          h3::withValues([](h3::Event&, int id,
                            std::string_view q) { return std::to_string(id) + " " + std::string(q); },
                         h3::inPath<int>("id"), h3::inQuery<std::string_view>("q", {.fallback = "none"})));
  CHECK_THROWS_WITH_AS(app.get("/n/:number", h3::withValues([](h3::Event&, int) {}, h3::inPath<int>("id"))),
                       "path parameter \"id\": route \"/n/:number\" has only: number", h3::UnknownParam);
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/n/3?q=a+b")).responseBody() == "3 a b");
  CHECK(worker.run(requestText("GET", "/n/3")).responseBody() == "3 none");
  CHECK(worker.run(requestText("GET", "/n/x")).status() == 400);
}

TEST_CASE("values of a coroutine handler are its arguments: they live as long as it does") {
  h3::App app;
  app.get("/n/:id",
          h3::withValues(
              [](h3::Event& event, int id, std::string_view text) -> boost::asio::awaitable<std::string> {
                co_await boost::asio::post(h3::executorOf(event), boost::asio::use_awaitable);
                co_return std::to_string(id) + " " + std::string(text) + " " +
                    std::to_string(event.query<int>("later"));
              },
              h3::inPath<int>("id"), h3::inQuery<std::string_view>("text")));
  const ServedApp served(app);
  CHECK(served.get("/n/5?text=a%20b&later=6").body == "5 a b 6");
  const RawResponse early = served.get("/n/x?text=a");
  CHECK(early.status == 400);
  CHECK(early.body.find("\"in\":\"path\"") != std::string::npos);
  const RawResponse late = served.get("/n/5?text=a");
  CHECK(late.status == 400);
  CHECK(late.header("Content-Type") == "application/problem+json");
}

TEST_CASE("many wrong values: the list is bounded, the count is not") {
  h3::ValueFailures failures;
  for (int i = 0; i < 1000; ++i) failures.add(h3::ValuePlace::query, std::string(1000, 'n'), "", "x");
  try {
    failures.throwIfAny();
    FAIL("nothing was thrown");
  } catch (const h3::InvalidValues& invalid) {
    CHECK(invalid.count() == 1000);
    CHECK(invalid.listed().size() == h3::InvalidValues::kMaxListed);
    CHECK(invalid.listed().front().name.size() < 300);
  }
}

TEST_CASE("values that are right allocate nothing on the heap") {
  h3::App app;
  app.get("/n/:id",
          h3::withValues([](h3::Event& event, int, double, std::string_view text, shop::Order,
                            std::optional<bool>) { event.sendText(text); },
                         h3::inPath<int>("id"), h3::inQuery<double>("d", {.min = 0, .max = 9}),
                         h3::inQuery<std::string_view>("text"), h3::inHeader<shop::Order>("X-Order"),
                         h3::inQuery<std::optional<bool>>("flag")));
  LocalWorker worker(app);
  const std::string request =
      requestText("GET", "/n/12?d=2.718281828459045&text=a%20text%20that+is+longer+than+a+small+string",
                  "X-Order: newest\r\n");
  for (int i = 0; i < 3; ++i) (void)worker.run(request);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) (void)worker.run(request);
  CHECK(counter.count() == 0);
  CHECK(worker.run(request).responseBody() == "a text that is longer than a small string");
}

TEST_CASE("random bytes as values: a value or a refusal, and what is accepted is within the rule") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view alphabet("0123456789+-.eExXinfa\0 \xff\xc3", 25);
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    CAPTURE(text);
    int integer = 0;
    if (h3::ValueTraits<int>::parse(text, {.min = -5, .max = 500}, integer)) {
      CHECK(integer >= -5);
      CHECK(integer <= 500);
      CHECK(text.find_first_not_of("-0123456789") == std::string::npos);
    }
    double number = 0;
    if (h3::ValueTraits<double>::parse(text, {.min = 0}, number)) CHECK(number >= 0);
    bool flag = false;
    (void)h3::ValueTraits<bool>::parse(text, {}, flag);
  }
}
