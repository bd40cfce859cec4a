// Serving an App: threads, sockets, signals.
#pragma once

#include <cstdint>
#include <memory>

#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "h3http/monitor.hpp"

namespace h3 {

/// A running HTTP/1.1 server: `config.threads` workers that share nothing but the frozen app.
///
/// Lifetime: the app must outlive it.
/// Errors: the constructor throws ConfigError, what App::freeze() throws, and boost::system::system_error
/// when an address cannot be listened on, or io_uring is wanted by name and not to be had. Threads: drain()
/// and monitor() from any; the rest by its owner.
class Server {
 public:
  Server(App& app, Config config);
  ~Server();  ///< drains and joins
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts the workers; the sockets listen since construction.
  void start();
  /// The TCP port that is listened on; 0 without one.
  std::uint16_t port() const;
  /// The one in use: epoll or ioUring.
  ReactorKind reactor() const;
  /// Stops accepting; open requests still get their answer.
  /// A handshake that ends in the very moment in which a listening socket is closed may be lost by Linux:
  /// that client waits for its own timeout, whoever the server is.
  void drain();
  /// Waits for the workers to end. False when a request was cut off at the drain deadline.
  bool join();

  const Monitor& monitor() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Serves until SIGTERM or SIGINT, drains, and returns the exit code: 0, or 1 when requests were cut off at
/// the drain deadline. A second signal ends it at once. Says on standard error where it listens.
int serve(App& app, const Config& config);

}  // namespace h3
