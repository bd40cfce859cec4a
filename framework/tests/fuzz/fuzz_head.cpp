// Requests, pipelined: one meaning however their bytes are split, and within the limits.
//
//   8 bytes: sizes of the pieces | 1 byte: whether targets are strict | the bytes of a connection
#include <string>
#include <string_view>

#include "../protocol/session_feeder.hpp"
#include "fuzz_input.hpp"

using namespace h3::test;

namespace {

// Small, so that inputs reach both sides of them.
h3::protocol::Limits headLimits(bool isStrict) {
  h3::protocol::Limits limits;
  limits.targetBytes = 64;
  limits.headerBytes = 256;
  limits.headerCount = 8;
  limits.bodyBytes = 64;
  limits.chunkExtensionBytes = 16;
  limits.trailerBytes = 32;
  limits.trailerCount = 2;
  limits.targetSyntax = isStrict ? h3::TargetSyntax::strict : h3::TargetSyntax::browser;
  return limits;
}

void checkRequests(const SessionResult& result, const h3::protocol::Limits& limits) {
  for (const SeenRequest& request : result.requests) {
    FUZZ_CHECK(request.target.size() <= limits.targetBytes);
    FUZZ_CHECK(request.body.size() <= limits.bodyBytes);
    FUZZ_CHECK(request.fields.size() <= limits.headerCount);
    FUZZ_CHECK(request.path.empty() || request.path == "*" || request.path.starts_with('/'));
    FUZZ_CHECK(request.keepAlive || &request == &result.requests.back());
    std::size_t fieldBytes = 0;
    for (const auto& [name, value] : request.fields) {
      FUZZ_CHECK(!name.empty());
      FUZZ_CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
      fieldBytes += name.size() + value.size();
    }
    FUZZ_CHECK(fieldBytes <= limits.headerBytes);
  }
  FUZZ_CHECK(result.refusal == 0 || (result.refusal >= 400 && result.refusal < 600));
}

SessionResult readInPieces(std::string_view bytes, std::uint64_t sizes, const h3::protocol::Limits& limits,
                           bool compacting) {
  SessionFeeder feeder(limits, compacting);
  forEachPiece(bytes, sizes, [&](std::string_view piece) { feeder.feed(piece); });
  return feeder.result();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::uint64_t sizes = input.takeNumber();
  const h3::protocol::Limits limits = headLimits(input.takeByte() % 2 == 1);
  // The feeder throws on a request behind a refusal, and when more is consumed than there was.
  const SessionResult whole = readWhole(input.rest(), limits);
  checkRequests(whole, limits);
  FUZZ_CHECK(readInPieces(input.rest(), sizes, limits, false) == whole);
  FUZZ_CHECK(readInPieces(input.rest(), 0, limits, true) == whole);
  return 0;
}
