// One request and its response over a connection.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "fetch/fetch_pool.hpp"

namespace h3 {

/// What an exchange may take, and where the body goes.
struct FetchBounds {
  FetchConnection::Clock::time_point deadline;
  std::uint32_t headBytes = 0;
  std::uint64_t bodyBytes = 0;
  FetchSink sink;
};

struct FetchResult {
  FetchResponse response;
  bool keepsConnection = false;
  /// The connection had ended before a byte of the response: then there is none.
  bool hadEnded = false;
};

/// Errors: FetchError; operation_aborted when cancelled; what the sink throws. Then the connection cannot be used again.
boost::asio::awaitable<FetchResult> exchangeOver(FetchConnection& connection, const FetchTarget& target,
                                                 const FetchBounds& bounds);

}  // namespace h3
