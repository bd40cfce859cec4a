#include "static_files/ranges_body.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <array>
#include <string>

#include "static_files/file_body.hpp"
#include "static_tree.hpp"

using h3::BodySource;
using h3::BufferPool;
using h3::FileDescriptor;
using h3::RangePart;
using h3::RangesBody;
using h3::test::StaticTree;

namespace {

FileDescriptor openBytes(const StaticTree& tree, const std::string& name) {
  return FileDescriptor(::open((tree.root() / name).c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

TEST_CASE("parts come one behind the other, in one slice where they fit") {
  const StaticTree tree;
  const std::array<RangePart, 3> parts{{{"<a>", 10, 5}, {"<b>", 0, 1}, {"<end>", 0, 0}}};
  const std::string content = StaticTree::bytesContent();
  BufferPool pool;
  {
    RangesBody body(openBytes(tree, "bytes.bin"), parts, pool);
    CHECK(body.remainingBytes() == 3 + 5 + 3 + 1 + 5);
    CHECK(body.heldBytes() == 0);
    const BodySource::Piece piece = body.next();
    CHECK((piece.outcome == BodySource::Outcome::last));
    CHECK(piece.bytes == "<a>" + content.substr(10, 5) + "<b>" + content.substr(0, 1) + "<end>");
    CHECK(body.remainingBytes() == 0);
    CHECK(body.heldBytes() == h3::FileBody::kSliceBytes);
  }
  CHECK(pool.stats().inUse == 0);
}

TEST_CASE("texts and parts may lie across the ends of slices") {
  constexpr std::size_t kSlice = h3::FileBody::kSliceBytes;
  const StaticTree tree;
  std::string content;
  for (std::size_t i = 0; i < 3 * kSlice; ++i) content.push_back(static_cast<char>(i % 251));
  tree.write("large", content);
  BufferPool pool;
  for (std::size_t before = kSlice - 9; before <= kSlice + 1; ++before) {
    CAPTURE(before);
    const std::array<RangePart, 3> parts{{{"1234", 0, before}, {"56789", kSlice, kSlice + 7}, {"end", 0, 0}}};
    RangesBody body(openBytes(tree, "large"), parts, pool);
    const std::uint64_t size = body.remainingBytes();
    std::string got;
    BodySource::Piece piece;
    do {
      piece = body.next();
      REQUIRE((piece.outcome != BodySource::Outcome::failed));
      got += piece.bytes;
      CHECK(body.remainingBytes() == size - got.size());
    } while (piece.outcome == BodySource::Outcome::more);
    CHECK((got == "1234" + content.substr(0, before) + "56789" + content.substr(kSlice, kSlice + 7) + "end"));
  }
}

TEST_CASE("a file that became shorter ends as failed") {
  const StaticTree tree;
  const std::array<RangePart, 2> parts{{{"a", 990, 20}, {"end", 0, 0}}};
  BufferPool pool;
  RangesBody body(openBytes(tree, "bytes.bin"), parts, pool);
  CHECK((body.next().outcome == BodySource::Outcome::failed));
}
