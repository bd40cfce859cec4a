#include "static_files/file_body.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <filesystem>
#include <string>

#include "static_tree.hpp"

using h3::BodySource;
using h3::BufferPool;
using h3::FileBody;
using h3::FileDescriptor;
using h3::test::StaticTree;

namespace {

constexpr std::size_t kSlice = FileBody::kSliceBytes;

FileDescriptor openFile(const StaticTree& tree, const std::string& name) {
  return FileDescriptor(::open((tree.root() / name).c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

TEST_CASE("a file comes in slices, the last one marked, all in one buffer") {
  const StaticTree tree;
  const std::string content = std::string(kSlice, 'a') + std::string(kSlice, 'b') + "c";
  tree.write("file", content);
  BufferPool pool;
  {
    FileBody body(openFile(tree, "file"), 0, content.size(), pool);
    CHECK(body.remainingBytes() == content.size());
    CHECK(pool.stats().inUse == 0);
    BodySource::Piece piece = body.next();
    CHECK((piece.outcome == BodySource::Outcome::more));
    CHECK((piece.bytes == content.substr(0, kSlice)));
    CHECK(body.remainingBytes() == kSlice + 1);
    piece = body.next();
    CHECK((piece.outcome == BodySource::Outcome::more));
    CHECK((piece.bytes == content.substr(kSlice, kSlice)));
    piece = body.next();
    CHECK((piece.outcome == BodySource::Outcome::last));
    CHECK(piece.bytes == "c");
    CHECK(body.remainingBytes() == 0);
    CHECK(pool.stats().acquired == 1);
    CHECK(pool.stats().inUseBytes == kSlice);
  }
  CHECK(pool.stats().inUse == 0);
}

TEST_CASE("a part that ends with a slice has no empty last one") {
  const StaticTree tree;
  tree.write("file", std::string(3 * kSlice, 'x'));
  BufferPool pool;
  FileBody body(openFile(tree, "file"), kSlice / 2, 2 * kSlice, pool);
  CHECK((body.next().outcome == BodySource::Outcome::more));
  const BodySource::Piece last = body.next();
  CHECK((last.outcome == BodySource::Outcome::last));
  CHECK(last.bytes.size() == kSlice);
}

TEST_CASE("a file that is shorter than it was fails, with no byte of the slice that is cut short") {
  const StaticTree tree;
  tree.write("file", std::string(2 * kSlice, 'x'));
  BufferPool pool;
  FileBody body(openFile(tree, "file"), 0, 2 * kSlice, pool);
  CHECK((body.next().outcome == BodySource::Outcome::more));
  std::filesystem::resize_file(tree.root() / "file", 2 * kSlice - 1);
  const BodySource::Piece cut = body.next();
  CHECK((cut.outcome == BodySource::Outcome::failed));
  CHECK(cut.bytes.empty());
}
