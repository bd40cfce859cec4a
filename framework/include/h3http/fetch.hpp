// Requests to other servers: HTTP/1.1 over pooled connections, in coroutines (async.hpp). Includes no Asio itself.
//
//   app.get("/price/:id", [](h3::Event& event) -> boost::asio::awaitable<std::string> {
//     h3::FetchResponse price = co_await h3::fetch(event, {.url = "http://prices.internal/42", .timeoutMs = 500});
//     if (price.status != 200) throw h3::HttpError(502, "no price");
//     co_return std::move(price.body);
//   });
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "h3http/event.hpp"

namespace h3 {

struct FetchHeader {
  std::string_view name;
  std::string_view value;
};

/// Takes the body of a response piece by piece: a reference to a callable with `(std::string_view piece)`, which must
/// outlive the fetch. Each piece is valid during the call. What it throws ends the fetch.
class FetchSink {
 public:
  FetchSink() = default;
  template <class F>
  requires(std::is_invocable_v<F&, std::string_view> && !std::is_same_v<std::remove_cv_t<F>, FetchSink>)
      FetchSink(F& sink)  // implicit, as for function references
      : call_([](void* object, std::string_view piece) { (*static_cast<F*>(object))(piece); }),
        object_(&sink) {}

  explicit operator bool() const noexcept { return call_ != nullptr; }
  void operator()(std::string_view piece) const { call_(object_, piece); }

 private:
  void (*call_)(void*, std::string_view) = nullptr;
  void* object_ = nullptr;
};

/// What to fetch. It is copied by the call, the sink apart. A url that is put together needs a name, because GCC 12 destroys
/// the strings of a co_await expression twice (see SafeTemporaryWork):
///
///     const std::string url = "http://prices.internal/" + id;
///     const h3::FetchResponse price = co_await h3::fetch(event, {.url = url});
struct FetchRequest {
  std::string_view url;  ///< http://host[:port][/path][?query]; a host is a name, IPv4 or [IPv6]
  std::string_view method = "GET";
  /// Not Host, Connection, Content-Length or Transfer-Encoding, which are H3's.
  std::span<const FetchHeader> headers = {};
  std::string_view body = {};
  std::uint32_t connectMs = 5'000;      ///< until there is a connection: pool, name and connect
  std::uint32_t timeoutMs = 30'000;     ///< all of it
  std::uint32_t headBytes = 32 * 1024;  ///< of the response's head
  std::uint64_t bodyBytes = 8 << 20;    ///< of its body, decoded
  FetchSink sink = {};                  ///< takes the body; without one it is FetchResponse::body
};

struct FetchResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< in the order received
  std::string body;
  bool onReusedConnection = false;

  /// The first of that name, any case. Valid as long as the response.
  std::optional<std::string_view> header(std::string_view name) const noexcept;
};

enum class FetchFailure : std::uint8_t {
  badRequest,   ///< the url, the method or a header; https, which is not there yet
  busy,         ///< FetchLimits::waiting requests wait for a connection
  notResolved,  ///< the name has no address
  notConnected,
  timedOut,
  closed,     ///< the server closed within a response, or before one
  malformed,  ///< what it sent is not HTTP/1.1
  tooLarge,   ///< head or body
};

/// what() names the host and the reason. Uncaught in a handler: 500, and a line in the log.
class FetchError : public std::runtime_error {
 public:
  FetchError(FetchFailure failure, const std::string& what) : std::runtime_error(what), failure_(failure) {}
  FetchFailure failure() const noexcept { return failure_; }

 private:
  FetchFailure failure_;
};

struct FetchLimits {
  std::size_t connections = 128;  ///< open, idle ones included
  std::size_t connectionsPerHost = 32;
  std::size_t waiting = 1'024;    ///< requests that wait for a connection; further ones fail
  std::size_t resolving = 16;     ///< names that are looked up at the same time; further ones fail
  std::uint32_t idleMs = 15'000;  ///< an idle connection is not used again after this
};

struct FetchStats {
  std::size_t open = 0;  ///< connections, idle ones included
  std::size_t idle = 0;
  std::size_t waiting = 0;
  std::uint64_t requests = 0;
  std::uint64_t opened = 0;
  std::uint64_t retried = 0;  ///< on a new connection, because an idle one had been closed
};

/// Fetches on one io_context, with a pool of keep-alive connections.
///
/// Redirects are not followed: their response is the result. A request of an idempotent method is sent once more when a
/// connection of the pool turns out to be closed before a byte of the response; others are not.
/// Lifetime: must outlive its fetches; the context must outlive it. Idle connections are closed by the next fetch after
/// idleMs, by close(), and in the destructor. Threads: that of the context.
class FetchClient {
 public:
  explicit FetchClient(boost::asio::io_context& context, const FetchLimits& limits = {});
  ~FetchClient();
  FetchClient(const FetchClient&) = delete;
  FetchClient& operator=(const FetchClient&) = delete;

  /// Cancellation of the awaiting coroutine closes its connection and ends it with operation_aborted.
  /// Errors: FetchError. Allocates: the request, the response, frames of coroutines.
  boost::asio::awaitable<FetchResponse, boost::asio::any_io_executor> fetch(const FetchRequest& request);
  FetchStats stats() const noexcept;
  /// Closes idle connections.
  void close();

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

/// On the event's worker, with the worker's own FetchClient, made at the first call with the limits above. A client that
/// leaves, and the handler's deadline, cancel it.
boost::asio::awaitable<FetchResponse, boost::asio::any_io_executor> fetch(Event& event,
                                                                          const FetchRequest& request);

/// The client of the event's worker, such as for its stats(). Threads: the event's worker.
FetchClient& fetchClientOf(Event& event);

}  // namespace h3
