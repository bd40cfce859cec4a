// Chunked bodies: one meaning however their bytes are split, dropped or moved, and within the limits.
//
//   8 bytes: sizes of the pieces | 1 byte: where the body begins | the bytes behind a head
#include <string>
#include <string_view>

#include "fuzz_input.hpp"
#include "protocol/chunked_decoder.hpp"

using namespace h3::test;
using h3::protocol::ChunkedDecoder;

namespace {

constexpr std::size_t kMaxBodyBytes = 48;
constexpr std::size_t kMaxTrailerBytes = 40;
enum class Between : std::uint8_t { nothing, compact, dropBody };

struct ChunkedResult {
  ChunkedDecoder::Outcome outcome = ChunkedDecoder::Outcome::needMore;
  std::string body;
  std::string trailers;
  std::size_t consumed = 0;
  int status = 0;
};

h3::protocol::Limits chunkedLimits() {
  h3::protocol::Limits limits;
  limits.chunkExtensionBytes = 16;
  limits.trailerCount = 2;
  return limits;
}

// As a connection does it, in a buffer of its own size.
class ChunkedFeeder {
 public:
  ChunkedFeeder(std::size_t start, Between between) : start_(start), between_(between), data_(start, 'h') {
    decoder_.begin(start, kMaxBodyBytes, kMaxTrailerBytes);
  }

  void feed(std::string_view piece) {
    if (result_.outcome != ChunkedDecoder::Outcome::needMore) return;
    data_.append(piece);
    data_.shrink_to_fit();
    result_.outcome = decoder_.decode(data_.data(), data_.size());
    checkBounds();
    if (between_ == Between::dropBody) dropBody();
    if (between_ != Between::nothing && result_.outcome == ChunkedDecoder::Outcome::needMore) compact();
  }

  ChunkedResult result() {
    FUZZ_CHECK(data_.compare(0, start_, std::string(start_, 'h')) == 0);
    result_.body += data_.substr(start_, decoder_.bodyEnd() - start_);
    result_.trailers = data_.substr(decoder_.bodyEnd(), decoder_.decodedEnd() - decoder_.bodyEnd());
    result_.consumed = decoder_.position() + removed_ - start_;
    result_.status = decoder_.status();
    return result_;
  }

 private:
  void checkBounds() const {
    FUZZ_CHECK(start_ <= decoder_.bodyEnd() && decoder_.bodyEnd() <= decoder_.decodedEnd());
    FUZZ_CHECK(decoder_.decodedEnd() <= decoder_.position() && decoder_.position() <= data_.size());
  }
  void dropBody() {
    const std::size_t bytes = decoder_.bodyEnd() - start_;
    result_.body += data_.substr(start_, bytes);
    data_.erase(start_, bytes);
    removed_ += bytes;
    decoder_.bodyDropped();
    checkBounds();
  }
  void compact() {
    const std::size_t gap = decoder_.position() - decoder_.decodedEnd();
    data_.erase(decoder_.decodedEnd(), gap);
    removed_ += gap;
    decoder_.compacted();
  }

  const h3::protocol::Limits limits_ = chunkedLimits();
  ChunkedDecoder decoder_{limits_};
  std::size_t start_;
  Between between_;
  std::string data_;
  std::size_t removed_ = 0;
  ChunkedResult result_;
};

ChunkedResult decodePieces(std::string_view raw, std::uint64_t sizes, std::size_t start, Between between) {
  ChunkedFeeder feeder(start, between);
  forEachPiece(raw, sizes, [&](std::string_view piece) { feeder.feed(piece); });
  return feeder.result();
}

void checkSame(const ChunkedResult& found, const ChunkedResult& whole) {
  FUZZ_CHECK(found.outcome == whole.outcome);
  FUZZ_CHECK(found.status == whole.status);
  if (whole.outcome == ChunkedDecoder::Outcome::refused) return;
  FUZZ_CHECK(found.body == whole.body);
  FUZZ_CHECK(found.trailers == whole.trailers);
  FUZZ_CHECK(found.consumed == whole.consumed);
}

std::string oneChunk(const ChunkedResult& decoded) {
  char digits[20];
  std::snprintf(digits, sizeof(digits), "%zx\r\n", decoded.body.size());
  const std::string chunk = decoded.body.empty() ? "" : digits + decoded.body + "\r\n";
  return chunk + "0\r\n" + decoded.trailers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::uint64_t sizes = input.takeNumber();
  const std::size_t start = input.takeByte();
  ChunkedFeeder feeder(start, Between::nothing);
  if (!input.rest().empty()) feeder.feed(input.rest());
  const ChunkedResult whole = feeder.result();
  FUZZ_CHECK(whole.body.size() <= kMaxBodyBytes);
  FUZZ_CHECK(whole.trailers.size() <= kMaxTrailerBytes + 2);  // and the empty line
  FUZZ_CHECK((whole.outcome == ChunkedDecoder::Outcome::refused) == (whole.status != 0));
  checkSame(decodePieces(input.rest(), sizes, start, Between::nothing), whole);
  checkSame(decodePieces(input.rest(), sizes, start, Between::compact), whole);
  checkSame(decodePieces(input.rest(), sizes, start, Between::dropBody), whole);
  checkSame(decodePieces(input.rest(), 0, start, Between::dropBody), whole);
  if (whole.outcome != ChunkedDecoder::Outcome::complete) return 0;
  const std::string again = oneChunk(whole);
  ChunkedResult expected = whole;
  expected.consumed = again.size();
  checkSame(decodePieces(again, sizes, start, Between::nothing), expected);
  return 0;
}
