// Serves an App: threads, sockets, signals.
#pragma once

#include <cstdint>
#include <memory>

#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "h3http/monitor.hpp"

namespace h3 {

/// A running HTTP/1.1 server: `config.threads` workers that share nothing but the frozen app.
///
/// Lifetime: the app must outlive it. Errors: the constructor throws ConfigError, the exceptions of
/// App::freeze(), and boost::system::system_error when it cannot listen on an address, or when io_uring was
/// requested by name but is unavailable. Threads: drain() and monitor() from any; the rest by its owner.
class Server {
 public:
  Server(App& app, Config config);
  ~Server();  ///< drains and joins
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Runs the app's start hooks, then starts the workers; the sockets have been listening since construction. Errors:
  /// what a start hook throws.
  void start();
  /// The TCP port; 0 without one.
  std::uint16_t port() const;
  /// The one in use: epoll or ioUring.
  ReactorKind reactor() const;
  /// From now on /readyz responds with 503 (healthEndpoints()); all else goes on. drain() does it, too.
  void markUnready();
  /// Stops accepting, and tasks of App::every; open requests still get their response. Linux may lose a handshake that completes at
  /// the very moment when a listening socket is closed, in any server: that client waits for its own timeout.
  void drain();
  /// Waits for the workers and the calls of h3::blocking() to end, then runs the app's stop hooks. False when a request was cut off at the drain deadline.
  bool join();

  const Monitor& monitor() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Serves until SIGTERM or SIGINT, waits for TimeoutConfig::unreadyMs, drains, and returns the exit code: 0, or 1 when requests were cut off at
/// the drain deadline. A second signal ends it immediately. Logs to standard error where it listens.
/// SIGHUP runs the app's onHangup hooks. Errors: those of Server's constructor and start().
int serve(App& app, const Config& config);

/// serve() for main(): when the server cannot start, a message with the usual fix on standard error, and 2.
///
///     int main() {
///       h3::App app;
///       app.get("/", [](h3::Event&) { return "hello"; });
///       return h3::run(app, h3::Config::production());
///     }
int run(App& app, const Config& config) noexcept;

}  // namespace h3
