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
                         std::vector<UnexpectedAnswer>& examples)
    : stream_(stream), latency_(latency), examples_(examples) {
  tally_.byStep.resize(stream.stepCount());
}

void BlockLedger::count(std::size_t step) {
  ++tally_.requests;
  ++tally_.byStep[step];
}

void BlockLedger::answered(std::uint64_t number, std::size_t step, const ResponseReader& answer,
                           std::uint64_t latencyNs) {
  count(step);
  if (latency_ != nullptr) latency_->add(number, step, latencyNs);
  compare(number, step, answer);
}

void BlockLedger::missing(std::uint64_t number, std::size_t step, const std::string& why) {
  count(step);
  unexpected(number, step, "no answer: " + why);
}

void BlockLedger::left(std::uint64_t number, std::size_t step, const ResponseReader* answer) {
  count(step);
  if (answer != nullptr)
    compare(number, step, *answer);
  else if (stream_.step(step).expect)
    unexpected(number, step, "no answer before the client left");
}

void BlockLedger::unasked(std::uint64_t number, std::size_t step) {
  unexpected(number, step, "bytes after the answer that belong to no request");
}

void BlockLedger::compare(std::uint64_t number, std::size_t step, const ResponseReader& answer) {
  ++tally_.responses;
  ++tally_.statuses[answer.status()];
  const auto& expect = stream_.step(step).expect;
  if (!expect) return;
  if (!statusExpected(*expect, answer.status())) {
    return unexpected(number, step,
                      "status " + std::to_string(answer.status()) + ", expected " + statusesText(*expect));
  }
  if (!expect->body) return;
  expectedBody_.clear();
  stream_.renderExpectedBody(number, step, expectedBody_);
  if (answer.body() == expectedBody_) return;
  const auto [differs, ignored] =
      std::mismatch(expectedBody_.begin(), expectedBody_.end(), answer.body().begin(), answer.body().end());
  unexpected(number, step,
             "a body of " + std::to_string(answer.bodyBytes()) + " bytes that differs from byte " +
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
