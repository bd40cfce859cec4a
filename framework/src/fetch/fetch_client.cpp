#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <type_traits>
#include <utility>

#include "fetch/fetch_exchange.hpp"
#include "h3http/fetch.hpp"
#include "http/ascii_case.hpp"

namespace h3 {
namespace {

namespace asio = boost::asio;

// The client of one io_context, as one of its services: ends with it.
class WorkerFetch final : public asio::execution_context::service {
 public:
  using key_type = WorkerFetch;
  static inline asio::execution_context::id id;

  explicit WorkerFetch(asio::execution_context& context)
      : asio::execution_context::service(context), client(static_cast<asio::io_context&>(context)) {}

  FetchClient client;

 private:
  void shutdown() override { client.close(); }
};

// As a temporary in a co_await expression it must be safe, see SafeTemporaryWork.
static_assert(std::is_trivially_copyable_v<FetchRequest>);

struct Job {
  explicit Job(const FetchRequest& request)
      : target(request),
        connectMs(std::min(request.connectMs, request.timeoutMs)),
        timeoutMs(request.timeoutMs),
        bounds{{}, request.headBytes, request.bodyBytes, request.sink} {}

  FetchTarget target;
  std::uint32_t connectMs;
  std::uint32_t timeoutMs;
  FetchBounds bounds;
};

}  // namespace

class FetchClient::Impl {
 public:
  Impl(asio::io_context& context, const FetchLimits& limits) : pool(context, limits) {}

  asio::awaitable<FetchResponse> run(std::unique_ptr<Job> job) {
    const auto now = FetchPool::Clock::now();
    const auto connectBy = now + std::chrono::milliseconds(job->connectMs);
    job->bounds.deadline = now + std::chrono::milliseconds(job->timeoutMs);
    ++pool.stats.requests;
    for (bool again = false;; again = true) {
      FetchPool::Lease lease = co_await pool.acquire(job->target, connectBy, again);
      FetchResult result = co_await exchangeOver(*lease, job->target, job->bounds);
      if (result.hadEnded) {
        if (!job->target.isIdempotent())
          throw FetchError(FetchFailure::closed,
                           "fetch from " + job->target.origin + ": the server closed before its response");
        ++pool.stats.retried;
        continue;
      }
      result.response.onReusedConnection = lease->isReused;
      if (result.keepsConnection) lease.giveBack();
      co_return std::move(result.response);
    }
  }

  FetchPool pool;
};

FetchClient::FetchClient(asio::io_context& context, const FetchLimits& limits)
    : impl_(std::make_unique<Impl>(context, limits)) {}
FetchClient::~FetchClient() = default;

asio::awaitable<FetchResponse> FetchClient::fetch(const FetchRequest& request) {
  return impl_->run(std::make_unique<Job>(request));
}

FetchStats FetchClient::stats() const noexcept { return impl_->pool.stats; }

void FetchClient::close() { impl_->pool.closeIdle(); }

FetchClient& fetchClientOf(Event& event) { return asio::use_service<WorkerFetch>(event.ioContext()).client; }

asio::awaitable<FetchResponse> fetch(Event& event, const FetchRequest& request) {
  return fetchClientOf(event).fetch(request);
}

std::optional<std::string_view> FetchResponse::header(std::string_view name) const noexcept {
  for (const auto& field : headers)
    if (equalsIgnoringCase(field.first, name)) return field.second;
  return std::nullopt;
}

}  // namespace h3
