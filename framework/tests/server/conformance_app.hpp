// The application of the server tests, with helpers to check it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "h3http/app.hpp"
#include "protocol/request_corpus.hpp"
#include "support/served_app.hpp"

namespace h3::test {

/// Routes for every kind of response, and counts of what ran.
///
///     GET  /             "hello"
///     GET  /n/:id        the id, padded to 1,000 bytes
///     GET  /filled/:bytes  so many, made for this event
///     GET  /large        8 MiB
///     GET  /busy         "busy", after 50 us of work
///     GET  /wait/:ms     "waited", later, by a timer
///     GET  /held         "released", once `held` is false or the client is seen to have left
///     GET  /instant      deferred, and completed within the handler's call
///     GET  /fails        a coroutine that throws
///     GET  /none         204      GET /unchanged  304      GET /address  the client's
///     GET  /smuggled     must never run
///     POST /p            the body back
///     POST /later        the body back, 100 ms later, with the fields "Path" and "Echo" (the request's)
class ConformanceApp {
 public:
  static constexpr std::size_t kLargeBytes = 8 * 1024 * 1024;
  static constexpr std::size_t kPaddedBytes = 1000;

  ConformanceApp();

  App app;
  std::atomic<int> dispatched{0};  ///< requests that reached the app
  std::atomic<int> smuggled{0};    ///< GET /smuggled
  std::atomic<bool> held{true};
  std::atomic<int> holding{0};       ///< GET /held, begun
  std::atomic<int> released{0};      ///< the same, ended
  std::atomic<int> disconnected{0};  ///< those of them that saw their client leave

  /// Runs it on the worker's thread. A request must have been dispatched before. Threads: any.
  void postToWorker(std::function<void()> task);

 private:
  void addDeferred();

  std::atomic<void*> ioContext_{nullptr};
};

/// Waits until `condition` holds, 30 s at most: a busy machine is no failure.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::vector<std::unique_ptr<RawClient>> connectClients(std::uint16_t port, std::size_t count);

/// Until what the worker counts has been published once more.
void waitUntilPublished();

/// All responses until the server closes.
std::vector<RawResponse> receiveResponses(RawClient& client);

/// Waits until every connection is closed, then gives whether all events and buffers are back in their pools.
bool poolsAreFull(const Monitor& monitor);

/// The value of Date, Connection and so on, "" when there is none.
std::string fieldOf(const RawResponse& response, std::string_view name);

/// Whether it is a 4xx or 5xx with that status, Connection: close and Date.
bool isRefusal(const RawResponse& response, int status);

/// Config::testing() with the limits of the corpus.
Config corpusConfig();

}  // namespace h3::test
