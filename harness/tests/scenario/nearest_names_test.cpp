#include "scenario/nearest_names.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

const std::vector<std::string> kKnown{
    "live_bytes_per_request", "live_blocks_per_request", "live_bytes_growth", "latency.p50_ns",
    "latency.p99_ns",         "latency.p999_ns",         "requests",          "responses"};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("letters wrong, missing, too many, exchanged, or in the other case") {
  for (const char* word : {"reqests", "requestss", "reqeusts", "requezts", "Requests"}) {
    CAPTURE(word);
    CHECK(nearestNames(word, kKnown) == Names{"requests"});
  }
  CHECK(nearestNames("response", kKnown) == Names{"responses"});
  CHECK(nearestNames("apth", {"path"}) == Names{"path"});  // one edit, not two
}

TEST_CASE("the nearest first, three at most") {
  CHECK(nearestNames("latency.p99_n", kKnown) ==
        Names{"latency.p99_ns", "latency.p999_ns", "latency.p50_ns"});
  CHECK(nearestNames("live_byts_per_request", kKnown) ==
        Names{"live_bytes_per_request", "live_blocks_per_request"});
}

TEST_CASE("a prefix is similar to the whole name, after misspellings") {
  CHECK(nearestNames("live", kKnown).size() == 3);
  CHECK(nearestNames("latency.p50_ns_max", kKnown).front() == "latency.p50_ns");
  CHECK(nearestNames("liv", kKnown).empty());
}

TEST_CASE("nothing that is not like it") {
  CHECK(nearestNames("heap", kKnown).empty());
  CHECK(nearestNames("", kKnown).empty());
  CHECK(nearestNames("requests", {}).empty());
  CHECK(didYouMean("heap", kKnown).empty());
}

TEST_CASE("as a question") {
  CHECK(didYouMean("reqests", kKnown) == "did you mean requests?");
  CHECK(didYouMean("live_byts_per_request", kKnown) ==
        "did you mean live_bytes_per_request or live_blocks_per_request?");
  CHECK(didYouMean("latency.p99_n", kKnown) ==
        "did you mean latency.p99_ns, latency.p999_ns or latency.p50_ns?");
}
