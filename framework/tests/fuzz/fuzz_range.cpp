// The Range field: parts within the file that do not overlap, without memory.
//
//   8 bytes: the size of the file | 1 byte: how much smaller it is | the field
#include <string>
#include <string_view>

#include "../memory/allocation_counter.hpp"
#include "fuzz_input.hpp"
#include "static_files/byte_range.hpp"

using namespace h3::test;
using h3::ByteRange;
using h3::ByteRanges;

namespace {

void checkRanges(const ByteRanges& ranges, std::uint64_t size) {
  FUZZ_CHECK(ranges.count <= ByteRanges::kMaxParts);
  FUZZ_CHECK((ranges.outcome == ByteRanges::Outcome::unsatisfiable) == (ranges.count == 0));
  std::uint64_t sum = 0;
  for (const ByteRange& range : ranges.parts()) {
    FUZZ_CHECK(range.first <= size && range.bytes <= size - range.first);
    FUZZ_CHECK(range.bytes != 0 || ranges.outcome == ByteRanges::Outcome::whole);
    FUZZ_CHECK(range.bytes <= size - sum);  // no more than the file in all
    sum += range.bytes;
    for (const ByteRange& other : ranges.parts())
      FUZZ_CHECK(&range == &other || range.first + range.bytes <= other.first ||
                 other.first + other.bytes <= range.first);
  }
  if (ranges.outcome == ByteRanges::Outcome::whole)
    FUZZ_CHECK(ranges.count == 1 && ranges.ranges[0].first == 0 && ranges.ranges[0].bytes == size);
}

std::string writtenOut(const ByteRanges& ranges) {
  std::string text;
  for (const ByteRange& range : ranges.parts())
    text += (text.empty() ? "bytes=" : ", ") + std::to_string(range.first) + '-' +
            std::to_string(range.first + range.bytes - 1);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  std::uint64_t fileBytes = input.takeNumber();
  fileBytes >>= input.takeByte() % 64;
  const AllocationCounter counter;
  const ByteRanges ranges = h3::parseByteRanges(input.rest(), fileBytes);
  FUZZ_CHECK(counter.count() == 0);
  checkRanges(ranges, fileBytes);
  if (ranges.outcome != ByteRanges::Outcome::part) return 0;
  const ByteRanges again = h3::parseByteRanges(writtenOut(ranges), fileBytes);
  FUZZ_CHECK(again.outcome == ranges.outcome && again.count == ranges.count);
  for (std::size_t i = 0; i < again.count; ++i)
    FUZZ_CHECK(again.ranges[i].first == ranges.ranges[i].first &&
               again.ranges[i].bytes == ranges.ranges[i].bytes);
  return 0;
}
