#include "conformance_app.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "h3http/async.hpp"

namespace h3::test {
namespace {

namespace asio = boost::asio;

const std::string kLarge(ConformanceApp::kLargeBytes, 'L');

asio::awaitable<void> sleepMs(int ms) {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(ms));
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

ConformanceApp::ConformanceApp() {
  app.onRequest([this](Event& event) {
    ++dispatched;
    ioContext_ = &event.ioContext();
  });
  app.get("/", [](Event& event) { event.sendText("hello"); });
  app.get("/n/:id", [](Event& event) {
    std::string text(*event.getParam("id"));
    text.resize(kPaddedBytes, ' ');
    event.sendText(text);
  });
  app.get("/filled/:bytes", [](Event& event) {
    event.sendText(std::string(std::stoul(std::string(*event.getParam("bytes"))), 'f'));
  });
  app.get("/large", [](Event& event) { event.sendView(kLarge, "text/plain"); });
  app.get("/busy", [](Event& event) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
    while (std::chrono::steady_clock::now() < end) {
    }
    event.sendText("busy");
  });
  app.get("/smuggled", [this](Event& event) {
    ++smuggled;
    event.sendText("smuggled");
  });
  app.post("/p", [](Event& event) { event.sendBytes(event.readBody(), "application/octet-stream"); });
  app.get("/none", [](Event& event) { event.sendNothing(204); });
  app.get("/unchanged", [](Event& event) { event.sendNothing(304); });
  app.get("/address", [](Event& event) { event.sendText(event.clientAddress()); });
  addDeferred();
}

void ConformanceApp::addDeferred() {
  app.get("/instant", [](Event& event) {
    event.defer();
    event.sendText("instant");
    event.complete();
  });
  app.post("/later", [](Event& event) -> asio::awaitable<void> {
    const std::string_view echo = event.getHeader("Echo").value_or("");
    co_await sleepMs(100);
    event.setHeader("Path", event.path());
    event.setHeader("Echo", echo);
    event.sendBytes(event.readBody(), "application/octet-stream");
  });
  app.get("/fails", [](Event&) -> asio::awaitable<void> {
    co_await sleepMs(1);
    throw std::runtime_error("on purpose");
  });
  app.get("/wait/:ms", [](Event& event) -> asio::awaitable<void> {
    co_await sleepMs(std::stoi(std::string(*event.getParam("ms"))));
    event.sendText("waited");
  });
  app.get("/held", [this](Event& event) -> asio::awaitable<void> {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    ++holding;
    while (held && !event.disconnected()) co_await sleepMs(5);
    if (event.disconnected()) ++disconnected;
    ++released;
    event.sendText("released");
  });
}

void ConformanceApp::postToWorker(std::function<void()> task) {
  asio::post(*static_cast<asio::io_context*>(ioContext_.load()), std::move(task));
}

std::vector<std::unique_ptr<RawClient>> connectClients(std::uint16_t port, std::size_t count) {
  std::vector<std::unique_ptr<RawClient>> clients;
  while (clients.size() < count) clients.push_back(std::make_unique<RawClient>(port));
  return clients;
}

// Four times a second.
void waitUntilPublished() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }

std::vector<RawResponse> receiveResponses(RawClient& client) {
  std::vector<RawResponse> responses;
  while (!client.closedByServer()) responses.push_back(client.receiveResponse());
  return responses;
}

bool poolsAreFull(const Monitor& monitor) {
  const auto allClosed = [&] {
    return monitor.total(Metric::connectionsAccepted) == monitor.total(Metric::connectionsClosed);
  };
  if (!eventually(allClosed)) return false;
  waitUntilPublished();
  return eventually([&] {
    return monitor.total(Metric::eventPoolInUse) == 0 && monitor.total(Metric::bufferPoolInUse) == 0;
  });
}

std::string fieldOf(const RawResponse& response, std::string_view name) {
  return response.header(name).value_or("");
}

bool isRefusal(const RawResponse& response, int status) {
  return response.status == status && fieldOf(response, "Connection") == "close" &&
         fieldOf(response, "Date").size() == 29;
}

Config corpusConfig() {
  Config config = Config::testing();
  config.limits.targetBytes = corpusLimits().targetBytes;
  config.limits.headerBytes = corpusLimits().headerBytes;
  config.limits.headerCount = corpusLimits().headerCount;
  config.limits.bodyBytes = corpusLimits().bodyBytes;
  return config;
}

}  // namespace h3::test
