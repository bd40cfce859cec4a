// request_reader.cpp, head_scanner.cpp, head_parser.cpp, framing.cpp and chunked_decoder.cpp.
// Broken requests without end: nothing crashes, nothing is read beyond the bytes, nothing depends on the
// splits.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "request_corpus.hpp"
#include "session_feeder.hpp"

using namespace h3::test;

namespace {

constexpr std::chrono::milliseconds kDuration{2000};
constexpr std::size_t kMaxSeedBytes = 1500;  // long requests spend the time on few rounds

// H3_FUZZ_SEED=n repeats a failed run.
std::uint64_t chooseSeed() {
  const char* const text = std::getenv("H3_FUZZ_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {
    for (const GoodRequest& request : goodRequests()) addSeed(request.bytes);
    for (const BadRequest& request : badRequests()) addSeed(request.bytes);
  }

  std::string next() {
    std::string bytes = pick(seeds_);
    if (below(2) == 0) bytes += pick(seeds_);
    for (std::size_t i = below(5); i != 0; --i) mutate(bytes);
    return bytes;
  }

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }

 private:
  void addSeed(const std::string& bytes) {
    if (bytes.size() <= kMaxSeedBytes) seeds_.push_back(bytes);
  }

  const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

  void mutate(std::string& bytes) {
    static const std::vector<std::string> kPieces = {"\r",
                                                     "\n",
                                                     "\r\n",
                                                     "\r\n\r\n",
                                                     " ",
                                                     "\t",
                                                     ":",
                                                     std::string(1, '\0'),
                                                     "0",
                                                     "ffffffffffffffff",
                                                     ";",
                                                     ",",
                                                     "chunked",
                                                     "%",
                                                     "\x7f",
                                                     "\x80",
                                                     "Content-Length: 3\r\n",
                                                     "Transfer-Encoding: chunked\r\n",
                                                     "Host: a\r\n",
                                                     "Connection: close\r\n",
                                                     "HTTP/1.0",
                                                     "HTTP/1.1",
                                                     "Expect: 100-continue\r\n",
                                                     kSmuggled};
    if (bytes.empty()) bytes = "x";
    const std::size_t at = below(bytes.size());
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        bytes.insert(at, pick(kPieces));
        break;
      case 3:
        bytes.erase(at, 1 + below(8));
        break;
      case 4:
        bytes.insert(below(bytes.size()), bytes.substr(at, below(40)));
        break;
      default:
        bytes.resize(at);
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> seeds_;
};

SessionResult readInPieces(const std::string& bytes, Mutator& mutator) {
  SessionFeeder feeder(corpusLimits(), mutator.below(2) == 0);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t piece = 1 + mutator.below(mutator.below(2) == 0 ? 4 : 64);
    feeder.feed(std::string_view(bytes).substr(at, piece));
    at += piece;
  }
  return feeder.result();
}

void checkInvariants(const SessionResult& result) {
  const auto limits = corpusLimits();
  for (const SeenRequest& request : result.requests) {
    CHECK(request.body.size() <= limits.bodyBytes);
    CHECK(request.target.size() <= limits.targetBytes);
    CHECK(request.fields.size() <= limits.headerCount);
    CHECK((request.path == "*" || request.path.starts_with('/')));
    CHECK((&request == &result.requests.back() || request.keepAlive));
    for (const auto& [name, value] : request.fields) {
      CHECK(!name.empty());
      CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
  }
}

}  // namespace

TEST_CASE("mutated requests") {
  const std::uint64_t seed = chooseSeed();
  Mutator mutator(seed);
  std::uint64_t rounds = 0;
  std::uint64_t requests = 0;
  const auto end = std::chrono::steady_clock::now() + kDuration;
  for (; std::chrono::steady_clock::now() < end; ++rounds) {
    const std::string bytes = mutator.next();
    INFO("H3_FUZZ_SEED=", seed, " round ", rounds, " bytes \"", bytes, '"');
    SessionResult whole;
    // The feeder throws on a request after a refusal, and when more is consumed than there was.
    REQUIRE_NOTHROW(whole = readWhole(bytes, corpusLimits()));
    checkInvariants(whole);
    requests += whole.requests.size();
    REQUIRE(readInPieces(bytes, mutator) == whole);
  }
  MESSAGE("seed ", seed, ": ", rounds, " rounds, ", requests, " requests taken");
  CHECK(requests > 0);
}
