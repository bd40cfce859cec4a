#include "report/hot_function.hpp"

#include <doctest/doctest.h>

#include "analysis/record_builder.hpp"

using namespace leakgate;

namespace {

constexpr std::uint64_t kScan = 0x10;
constexpr std::uint64_t kParse = 0x20;
constexpr std::uint64_t kServe = 0x30;
const CodeLocation kCompare{"/lib/libc.so.6", 0x40};

Naming naming() {
  Naming names;
  names.framesOf = [](const CodeLocation& place) {
    const bool libc = place.module != "/bin/server";
    const char* function = libc                     ? "strcmp"
                           : place.offset == kScan  ? "scan"
                           : place.offset == kParse ? "parse"
                                                    : "serve";
    return std::vector<Frame>{{function, "a.cpp", 1, false, libc ? "libc.so.6" : "server", place.offset}};
  };
  return names;
}

void sample(RunRecord& record, std::size_t block, std::size_t times, std::vector<CodeLocation> frames,
            bool inSystemCall = false) {
  record.stackSamples.insert(record.stackSamples.end(), times, {block, inSystemCall, std::move(frames)});
}

// CPU per request: 1 us in the blocks 1 and 2, 3 us in the last.
RunRecord threefold() {
  RunRecord record = RecordBuilder();
  for (std::size_t k = 0; k < record.checkpoints.size(); ++k)
    record.checkpoints[k].process.cpuNs = record.checkpoints[k].requests * 1'000;
  record.checkpoints[4].process.cpuNs = record.checkpoints[3].process.cpuNs + 4'000 * 3'000;
  return record;
}

}  // namespace

TEST_CASE("the function whose time grew is named, not the one with the most") {
  RunRecord record = threefold();
  sample(record, 1, 9, {RecordBuilder::at(kParse), RecordBuilder::at(kServe)});
  sample(record, 2, 1, {RecordBuilder::at(kScan), RecordBuilder::at(kServe)});
  // parse: 0.9 us before, 1.5 us now; scan: 0.1 us before, 1.5 us now
  sample(record, 4, 51, {RecordBuilder::at(kParse), RecordBuilder::at(kServe)});
  sample(record, 4, 49, {RecordBuilder::at(kScan), RecordBuilder::at(kServe)});
  const auto hot = hottestRise(record, naming());
  REQUIRE(hot.has_value());
  CHECK(hot->stack[0].function == "scan");
  CHECK(hot->stack.size() == 2);
  CHECK(hot->share == doctest::Approx((3 * 0.49 - 0.1) / 2));
}

TEST_CASE("samples in system calls share the time that the kernel counts there") {
  RunRecord record = threefold();
  sample(record, 1, 10, {RecordBuilder::at(kScan)});
  sample(record, 4, 20, {RecordBuilder::at(kScan)});
  sample(record, 4, 80, {RecordBuilder::at(kServe)}, true);
  record.checkpoints[4].process.systemCpuNs = 4'000 * 300;  // 0.3 us of 3 us
  const auto hot = hottestRise(record, naming());
  REQUIRE(hot.has_value());
  CHECK(hot->stack[0].function == "scan");
  CHECK(hot->share == doctest::Approx((2.7 - 1) / 2));

  record.checkpoints[4].process.systemCpuNs = 4'000 * 2'800;
  CHECK(hottestRise(record, naming())->stack[0].function == "serve");
}

TEST_CASE("where all samples are in system calls, they share all of the time") {
  RunRecord record = threefold();
  sample(record, 4, 1, {RecordBuilder::at(kParse)}, true);
  sample(record, 4, 9, {RecordBuilder::at(kServe)}, true);
  const auto hot = hottestRise(record, naming());
  REQUIRE(hot.has_value());
  CHECK(hot->stack[0].function == "serve");
  CHECK(hot->share == doctest::Approx(1));  // 2.7 us of a rise of 2 us
}

TEST_CASE("the time of a library function is its caller's") {
  RunRecord record = threefold();
  sample(record, 1, 5, {RecordBuilder::at(kParse)});
  sample(record, 4, 5, {kCompare, RecordBuilder::at(kScan)});
  sample(record, 4, 5, {RecordBuilder::at(kScan)});
  sample(record, 4, 6, {RecordBuilder::at(kParse)});
  const auto hot = hottestRise(record, naming());
  REQUIRE(hot.has_value());
  CHECK(placeOf(hot->stack, "").function == "scan");
}

TEST_CASE("without samples of the last block there is nothing to name") {
  RunRecord record = threefold();
  CHECK_FALSE(hottestRise(record, naming()).has_value());
  sample(record, 1, 5, {RecordBuilder::at(kParse)});
  CHECK_FALSE(hottestRise(record, naming()).has_value());
}

TEST_CASE("an idle interval after the last block does not count") {
  RunRecord record = threefold();
  record.checkpoints.push_back(record.checkpoints.back());
  record.checkpoints.back().block = {};
  sample(record, 4, 5, {RecordBuilder::at(kScan)});
  CHECK(hottestRise(record, naming()).has_value());
}
