// h3-demo: the app that the scenarios drive, and an example to read.
#include <CLI/CLI.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "demo_audit.hpp"
#include "demo_request.hpp"
#include "demo_site.hpp"
#include "h3http/async.hpp"
#include "h3http/h3.hpp"

namespace {

using h3::Event;

void addBasics(h3::App& app) {
  app.get("/plaintext", [](Event& event) { event.sendView("Hello, World!", "text/plain"); });
  app.get("/json", [](Event& event) { event.sendJson({{"message", "Hello, World!"}}); });
  app.get("/users/:id", [](Event& event) { event.sendText(*event.getParam("id")); });
  app.post("/echo", [](Event& event) {
    event.sendBytes(event.readBody(), event.getHeader("Content-Type").value_or("application/octet-stream"));
  });
  app.get("/health", [](Event& event) { event.sendView("ok", "text/plain"); });
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
}

/// Sets what a session would, some of it twice: the audited framework leaked at the overwrites.
void addLogin(h3::App& app) {
  app.post("/login", [](Event& event) {
    const std::string_view number = event.getQuery("i").value_or("0");
    event.setContext("user", number);
    event.setContext("session", "pending");
    event.setContext("session", number);
    event.setContext("role", "guest");
    event.setContext("role", "member");
    event.setParam("user", number);
    event.setParam("user", "known");
    event.sendJson({{"user", *event.getContext("user")}, {"role", *event.getContext("role")}});
  });
}

/// Responds after `ms` milliseconds (at most 10 s), without blocking the thread.
void addSlow(h3::App& app) {
  app.get("/slow", [](Event& event) -> boost::asio::awaitable<std::string> {
    const std::string_view text = event.getQuery("ms").value_or("10");
    unsigned ms = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (parsed.ec != std::errc{} || ms > 10'000) throw h3::HttpError(400, "ms: expected 0 to 10000");
    boost::asio::steady_timer timer(h3::executorOf(event), std::chrono::milliseconds(ms));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return "waited " + std::to_string(ms) + " ms";
  });
}

struct Options {
  h3::Config config;
  std::string staticRoot;
};

Options readOptions(CLI::App& command, int argc, char** argv) {
  Options options;
  std::string preset = "production";
  std::uint16_t port = 8080;
  unsigned threads = 1;
  std::string unixPath;
  std::size_t cacheEntries = 2048;
  std::string reactor = "automatic";
  command.add_option("--port", port, "TCP port on 127.0.0.1; 0 lets the system choose")
      ->capture_default_str();
  command.add_option("--threads", threads, "worker threads")->capture_default_str();
  command.add_option("--preset", preset, "development, production or testing")->capture_default_str();
  command.add_option("--reactor", reactor, "automatic, epoll or io_uring")->capture_default_str();
  command.add_option("--unix", unixPath, "serve on this unix socket too");
  command.add_option("--static", options.staticRoot, "serve the files below this folder at /static/");
  command.add_option("--route-cache", cacheEntries, "entries of each thread's route cache; 0 for none")
      ->capture_default_str();
  std::vector<std::string> proxyPeers;
  command.add_option("--proxy-peers", proxyPeers, "proxies that send PROXY headers: addresses, or unix");
  command.parse(argc, argv);
  options.config = h3::Config::preset(preset);
  options.config.port = port;
  options.config.threads = threads;
  options.config.reactor = h3::reactorKind(reactor);
  options.config.unixPath = unixPath;
  options.config.proxyProtocol.peers = proxyPeers;
  options.config.routeCache.entries = cacheEntries;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("h3-demo: an H3 server to read, to load and to measure", "h3-demo");
  try {
    const Options options = readOptions(command, argc, argv);
    h3::App app;
    addBasics(app);
    addLogin(app);
    addSlow(app);
    demo::addAuditRoutes(app);
    demo::addRequestRoutes(app);
    demo::addSite(app);
    if (!options.staticRoot.empty())
      app.get("/static/**:path", h3::serveStatic({.root = options.staticRoot}));
    return h3::run(app, options.config);
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : 2;
  } catch (const h3::ConfigError& error) {
    std::cerr << "h3-demo: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "h3-demo: " << error.what() << '\n';
    return 1;
  }
}
