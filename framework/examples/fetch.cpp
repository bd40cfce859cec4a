// h3-fetch: a page put together from the responses of another server, which here is itself.
//
//     h3-fetch --port 8080 &
//     curl 'http://127.0.0.1:8080/basket?items=3'
//     h3-fetch --port 8081 --prices http://127.0.0.1:8080 &      # another process
#include "h3http/fetch.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/awaitable.hpp>
#include <charconv>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "h3http/async.hpp"
#include "h3http/h3.hpp"

namespace {

using h3::Event;

constexpr std::uint32_t kPriceTimeoutMs = 2'000;

unsigned number(std::string_view text) {
  unsigned value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
    throw h3::HttpError(400, "expected a number");
  return value;
}

void addPrices(h3::App& app) {
  app.get("/prices/:item",
          [](Event& event) { event.sendText(std::to_string(100 + number(event.param("item")))); });
}

/// The sum of the prices of items 1 to `items`, at most 10, each asked for.
void addBasket(h3::App& app, const std::string& prices) {
  app.get("/basket", [prices](Event& event) -> boost::asio::awaitable<void> {
    const auto items = event.query<unsigned>("items", {.min = 1, .max = 10, .fallback = 3});
    unsigned sum = 0;
    for (unsigned item = 1; item <= items; ++item) {
      const std::string url = prices + "/prices/" + std::to_string(item);
      const h3::FetchResponse price =
          co_await h3::fetch(event, {.url = url, .timeoutMs = kPriceTimeoutMs, .bodyBytes = 100});
      if (price.status != 200) throw h3::HttpError(502, "there is no price");
      sum += number(price.body);
    }
    event.sendJson({{"items", items}, {"sum", sum}});
  });
}

/// The worker's pool.
void addPool(h3::App& app) {
  app.get("/pool", [](Event& event) {
    const h3::FetchStats stats = h3::fetchClientOf(event).stats();
    event.sendJson(
        {{"open", stats.open}, {"idle", stats.idle}, {"requests", stats.requests}, {"opened", stats.opened}});
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("h3-fetch: asks another server while it responds", "h3-fetch");
  std::uint16_t port = 8080;
  std::string prices;
  command.add_option("--port", port, "TCP port on 127.0.0.1")->capture_default_str();
  command.add_option("--prices", prices, "where /prices/ is, such as http://127.0.0.1:8080; else itself");
  CLI11_PARSE(command, argc, argv);
  try {
    h3::Config config = h3::Config::production();
    config.port = port;
    h3::App app;
    h3::exposeMetrics(app, "/metrics", "/metrics.json");
    addPrices(app);
    addBasket(app, prices.empty() ? "http://127.0.0.1:" + std::to_string(port) : prices);
    addPool(app);
    return h3::run(app, config);
  } catch (const std::exception& error) {
    std::cerr << "h3-fetch: " << error.what() << '\n';
    return 1;
  }
}
