// Results of the requests of one block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "replay/latency_histogram.hpp"
#include "replay/response_reader.hpp"
#include "replay/run_record.hpp"
#include "scenario/request_stream.hpp"

namespace leakgate {

inline constexpr std::size_t kMaxUnexpectedExamples = 10;

/// Counts requests and responses, compares responses with what their steps expect, and keeps the first few
/// that differ. Every request ends in exactly one of responded(), missing() and left(). Lifetime: borrows the
/// stream, the recorder and the examples.
class BlockLedger {
 public:
  /// `latency` may be null: not recorded.
  BlockLedger(const RequestStream& stream, LatencyRecorder* latency,
              std::vector<UnexpectedResponse>& examples);

  void opened() { ++tally_.connectionsOpened; }
  void responded(std::uint64_t number, std::size_t step, const ResponseReader& response,
                 std::uint64_t latencyNs);
  void missing(std::uint64_t number, std::size_t step, const std::string& why);
  /// The client left on purpose; `response` is the response it got before, or null.
  void left(std::uint64_t number, std::size_t step, const ResponseReader* response);
  /// Bytes that belong to no request.
  void unasked(std::uint64_t lastNumber, std::size_t lastStep);

  std::uint64_t finished() const { return tally_.requests; }
  BlockTally takeTally() { return std::move(tally_); }

 private:
  void count(std::size_t step);
  void compare(std::uint64_t number, std::size_t step, const ResponseReader& response);
  void unexpected(std::uint64_t number, std::size_t step, std::string what);

  const RequestStream& stream_;
  LatencyRecorder* latency_;
  std::vector<UnexpectedResponse>& examples_;
  BlockTally tally_;
  std::string expectedBody_;
};

}  // namespace leakgate
