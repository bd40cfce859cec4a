// Multipart bodies: the same parts, or the same error, however the bytes are split; within the limits.
//
//   8 bytes: sizes of the pieces | 1 byte: which boundary | the body
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "fuzz_input.hpp"
#include "h3http/multipart.hpp"

using namespace h3::test;
using h3::MultipartError;

namespace {

constexpr h3::MultipartLimits kMultipartLimits{
    .parts = 4, .headerBytes = 120, .nameBytes = 15, .partBytes = 48};
constexpr std::string_view kBoundaries[] = {
    "b",
    "-",
    "--",
    "XyZ",
    "a b:c'()+_,-./=?",
    "0123456789012345678901234567890123456789012345678901234567890123456789"};

struct SeenPart {
  std::string name;
  std::optional<std::string> filename;
  std::string contentType;
  std::string content;
  bool isWhole = false;
  bool operator==(const SeenPart&) const = default;
};

// Checks the order of the calls, and copies.
class PartCollector final : public h3::MultipartHandler {
 public:
  void onPartBegin(const h3::PartHead& head) override {
    FUZZ_CHECK(parts.empty() || parts.back().isWhole);
    FUZZ_CHECK(parts.size() < kMultipartLimits.parts);
    FUZZ_CHECK(head.name.size() <= kMultipartLimits.nameBytes);
    FUZZ_CHECK(!head.filename || head.filename->size() <= kMultipartLimits.nameBytes);
    parts.push_back({std::string(head.name), std::nullopt, std::string(head.contentType), "", false});
    if (head.filename) parts.back().filename = std::string(*head.filename);
  }
  void onPartData(std::string_view bytes) override {
    FUZZ_CHECK(!bytes.empty() && !parts.empty() && !parts.back().isWhole);
    parts.back().content += bytes;
    FUZZ_CHECK(parts.back().content.size() <= kMultipartLimits.partBytes);
  }
  void onPartEnd() override {
    FUZZ_CHECK(!parts.empty() && !parts.back().isWhole);
    parts.back().isWhole = true;
  }

  std::vector<SeenPart> parts;
};

class PartCounter final : public h3::MultipartHandler {
 public:
  void onPartBegin(const h3::PartHead&) override { ++parts; }
  void onPartData(std::string_view) override {}
  void onPartEnd() override {}

  std::size_t parts = 0;
};

struct ParsedBody {
  std::vector<SeenPart> parts;
  MultipartError error = MultipartError::none;
};

ParsedBody parsePieces(std::string_view body, std::string_view boundary, std::uint64_t sizes) {
  PartCollector collector;
  h3::MultipartParser parser(boundary, collector, kMultipartLimits);
  ParsedBody parsed;
  forEachPiece(body, sizes, [&](std::string_view piece) {
    const MultipartError before = parsed.error;
    const std::string alone(piece);  // of exactly its size, and gone after the call
    parsed.error = parser.push(alone);
    FUZZ_CHECK(before == MultipartError::none || parsed.error == before);
  });
  if (parsed.error == MultipartError::none) parsed.error = parser.finish();
  parsed.parts = std::move(collector.parts);
  return parsed;
}

ParsedBody parseWholeBody(std::string_view body, std::string_view boundary) {
  PartCollector collector;
  h3::MultipartParser parser(boundary, collector, kMultipartLimits);
  MultipartError error = parser.push(body);
  if (error == MultipartError::none) error = parser.finish();
  return {std::move(collector.parts), error};
}

void checkAllocations(std::string_view body, std::string_view boundary, std::size_t parts) {
  const AllocationCounter counter;
  PartCounter handler;
  h3::MultipartParser parser(boundary, handler, kMultipartLimits);
  FUZZ_CHECK(parser.push(body) == MultipartError::none);
  FUZZ_CHECK(parser.finish() == MultipartError::none);
  FUZZ_CHECK(counter.count() == 0);
  FUZZ_CHECK(handler.parts == parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::uint64_t sizes = input.takeNumber();
  const std::string_view boundary = kBoundaries[input.takeByte() % std::size(kBoundaries)];
  const std::string_view body = input.rest();
  const ParsedBody whole = parseWholeBody(body, boundary);
  FUZZ_CHECK(!h3::describe(whole.error).empty());
  const std::string type = "multipart/form-data; boundary=\"" + std::string(boundary) + '"';
  FUZZ_CHECK(h3::multipartBoundary(type) == boundary);
  for (const std::uint64_t pieces : {sizes, std::uint64_t{0}}) {
    const ParsedBody parsed = parsePieces(body, boundary, pieces);
    FUZZ_CHECK(parsed.error == whole.error);
    FUZZ_CHECK(parsed.parts.size() == whole.parts.size());
    if (whole.error == MultipartError::none) FUZZ_CHECK(parsed.parts == whole.parts);
  }
  if (whole.error == MultipartError::none) checkAllocations(body, boundary, whole.parts.size());
  return 0;
}
