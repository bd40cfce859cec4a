#include "h3http/timing.hpp"

#include <doctest/doctest.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>

#include "../support/pattern.hpp"
#include "../support/served_app.hpp"
#include "h3http/async.hpp"

using namespace h3::test;
using Awaitable = boost::asio::awaitable<const char*>;

TEST_CASE("Server-Timing is the time until the response, of synchronous and asynchronous handlers") {
  h3::App app;
  h3::timing(app);
  app.get("/x", [](h3::Event& event) {
    event.appendHeader("Server-Timing", "db;dur=1");
    event.sendText("x");
  });
  app.get("/slow", [](h3::Event& event) -> Awaitable {
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>,
                                                    boost::asio::io_context::executor_type>;
    Timer timer(h3::executorOf(event), std::chrono::milliseconds(20));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return "slow";
  });
  const ServedApp served(app);
  CHECK(served.get("/x").headerCount("Server-Timing") == 2);
  for (const std::string target : {"/missing", "/slow"}) {
    CAPTURE(target);
    const std::string value = served.get(target).header("Server-Timing").value_or("");
    REQUIRE(matches(value, R"(total;dur=[0-9]+\.[0-9]{3})"));
    if (target == "/slow") CHECK(std::stod(value.substr(value.find('=') + 1)) >= 20);
  }
  CHECK(served.exchange("bad\r\n\r\n").header("Server-Timing"));
}
