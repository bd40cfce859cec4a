#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "app/lifecycle.hpp"
#include "app/log.hpp"
#include "h3http/server.hpp"
#include "server/start_failure.hpp"

namespace h3 {
namespace {

constexpr int kExitWrongUse = 2;

// The main thread of serve(): waits for signals.
class SignalLoop {
 public:
  // Before the workers start, so that these signals are already handled in their process.
  SignalLoop(App& app, const Config& config)
      : lifecycle_(Lifecycle::of(app)), config_(config), server_(app, config) {
    if (!lifecycle_.onHangup.empty()) hangups_.add(SIGHUP);
  }
  ~SignalLoop() {
    if (joiner_.joinable()) joiner_.join();
  }

  // Returns whether all requests had their response.
  bool run() {
    server_.start();
    logAddresses();
    awaitEnd();
    if (!lifecycle_.onHangup.empty()) awaitHangup();
    context_.run();
    joiner_.join();
    return drained_;
  }

 private:
  using Error = boost::system::error_code;

  void logAddresses() const {
    if (server_.port() != 0)
      logInfo("listening on " + config_.address + ":" + std::to_string(server_.port()));
    if (!config_.unixPath.empty()) logInfo("listening on " + config_.unixPath);
  }

  void awaitEnd() {
    ends_.async_wait([this](const Error&, int) {
      ends_.async_wait([](const Error& error, int) {
        if (!error) std::_Exit(1);
      });
      server_.markUnready();
      unready_.expires_after(std::chrono::milliseconds(config_.timeouts.unreadyMs));
      unready_.async_wait([this](const Error&) { drain(); });
    });
  }

  void drain() {
    server_.drain();
    joiner_ = std::thread([this] {
      drained_ = server_.join();
      context_.stop();
    });
  }

  void awaitHangup() {
    hangups_.async_wait([this](const Error& error, int) {
      if (error) return;
      lifecycle_.hangup();
      awaitHangup();
    });
  }

  const Lifecycle& lifecycle_;
  const Config& config_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set ends_{context_, SIGTERM, SIGINT};
  boost::asio::signal_set hangups_{context_};
  boost::asio::steady_timer unready_{context_};
  Server server_;
  std::thread joiner_;
  bool drained_ = false;
};

}  // namespace

int serve(App& app, const Config& config) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed reader of the log must not end the server
  return SignalLoop(app, config).run() ? 0 : 1;
}

int run(App& app, const Config& config) noexcept {
  try {
    return serve(app, config);
  } catch (const boost::system::system_error& failure) {
    std::fprintf(stderr, "%s\n", server::describeStartFailure(failure, config).c_str());
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
  } catch (...) {
    std::fprintf(stderr, "the server cannot start: something that is not a std::exception was thrown\n");
  }
  return kExitWrongUse;
}

}  // namespace h3
