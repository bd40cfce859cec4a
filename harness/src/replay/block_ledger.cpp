#include "replay/block_ledger.hpp"

#include <algorithm>

namespace leakgate {
namespace {

bool statusExpected(const Expect& expect, int status) {
  if (!expect.statuses.empty()) {
    return std::find(expect.statuses.begin(), expect.statuses.end(), status) != expect.statuses.end();
  }
  return expect.below == 0 || status < expect.below;
}

std::string statusesText(const Expect& expect) {
  if (expect.statuses.empty()) return "one below " + std::to_string(expect.below);
  std::string text;
  for (const int status : expect.statuses) text += (text.empty() ? "" : " or ") + std::to_string(status);
  return text;
}

}  // namespace

BlockLedger::BlockLedger(const RequestStream& stream, LatencyRecorder* latency,
                         std::vector<UnexpectedResponse>& examples)
    : stream_(stream), latency_(latency), examples_(examples) {
  tally_.byStep.resize(stream.stepCount());
}

void BlockLedger::count(std::size_t step) {
  ++tally_.requests;
  ++tally_.byStep[step];
}

void BlockLedger::responded(std::uint64_t number, std::size_t step, const ResponseReader& response,
                            std::uint64_t latencyNs) {
  count(step);
  if (latency_ != nullptr) latency_->add(number, step, latencyNs);
  compare(number, step, response);
}

void BlockLedger::missing(std::uint64_t number, std::size_t step, const std::string& why) {
  count(step);
  unexpected(number, step, "no response: " + why);
}

void BlockLedger::left(std::uint64_t number, std::size_t step, const ResponseReader* response) {
  count(step);
  if (response != nullptr)
    compare(number, step, *response);
  else if (stream_.step(step).expect)
    unexpected(number, step, "no response before the client left");
}

void BlockLedger::unasked(std::uint64_t number, std::size_t step) {
  unexpected(number, step, "bytes after the response that belong to no request");
}

void BlockLedger::compare(std::uint64_t number, std::size_t step, const ResponseReader& response) {
  ++tally_.responses;
  ++tally_.statuses[response.status()];
  const auto& expect = stream_.step(step).expect;
  if (!expect) return;
  if (!statusExpected(*expect, response.status())) {
    return unexpected(number, step,
                      "status " + std::to_string(response.status()) + ", expected " + statusesText(*expect));
  }
  if (!expect->body) return;
  expectedBody_.clear();
  stream_.renderExpectedBody(number, step, expectedBody_);
  if (response.body() == expectedBody_) return;
  const auto [differs, ignored] = std::mismatch(expectedBody_.begin(), expectedBody_.end(),
                                                response.body().begin(), response.body().end());
  unexpected(number, step,
             "a body of " + std::to_string(response.bodyBytes()) + " bytes that differs from byte " +
                 std::to_string(differs - expectedBody_.begin()) + " on, expected " +
                 std::to_string(expectedBody_.size()) + " bytes");
}

void BlockLedger::unexpected(std::uint64_t number, std::size_t step, std::string what) {
  ++tally_.unexpected;
  if (examples_.size() < kMaxUnexpectedExamples) {
    examples_.push_back({stream_.step(step).name, number, std::move(what)});
  }
}

}  // namespace leakgate
