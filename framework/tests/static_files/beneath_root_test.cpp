#include "static_files/beneath_root.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <array>
#include <string>
#include <system_error>
#include <vector>

#include "static_tree.hpp"

using h3::BeneathRoot;
using h3::OpenedFile;
using namespace h3::test;

namespace {

struct AskedPath {
  std::string path;
  char byKernel;      // 'f' file, 'd' directory, '-' nothing
  char byComponents;  // the same; no link is followed
};

const std::vector<AskedPath> kPaths = {
    {"", 'd', 'd'},
    {"hello.txt", 'f', 'f'},
    {"docs", 'd', 'd'},
    {"docs/page.html", 'f', 'f'},
    {"docs//page.html", 'f', 'f'},
    {"link-inside", 'f', '-'},
    {"dirlink-inside/page.html", 'f', '-'},
    {"missing", '-', '-'},
    {"missing/x", '-', '-'},
    {"hello.txt/x", '-', '-'},
    {"fifo", '-', '-'},
    {"..", '-', '-'},
    {"../outside.txt", '-', '-'},
    {"docs/../../outside.txt", '-', '-'},
    {"link-outside", '-', '-'},
    {"link-absolute", '-', '-'},
    {"dirlink-outside/outside.txt", '-', '-'},
    {"loop", '-', '-'},
    {std::string("hello.txt\0.html", 15), '-', '-'},
    {std::string(300, 'a'), '-', '-'},
    {std::string(5000, 'a'), '-', '-'},
};

// The limit is lifted before the exception is inspected: UBSan itself needs descriptors for that.
void openWithoutDescriptors(const BeneathRoot& root, const char* path) {
  struct NoDescriptors {
    NoDescriptors() {
      ::getrlimit(RLIMIT_NOFILE, &before);
      const rlimit none{0, before.rlim_max};
      ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }
    rlimit before{};
  };
  const NoDescriptors limit;
  (void)root.open(path);
}

char kindOf(const std::optional<OpenedFile>& file) { return !file ? '-' : file->isDirectory ? 'd' : 'f'; }

}  // namespace

TEST_CASE("nothing outside the root opens, by either walk, and nothing stays open") {
  const StaticTree tree;
  const BeneathRoot byKernel(tree.root());
  const BeneathRoot byComponents(tree.root(), BeneathRoot::Walk::components);
  CHECK(byComponents.walk() == BeneathRoot::Walk::components);
  const std::size_t before = openDescriptors();
  for (const AskedPath& asked : kPaths) {
    CAPTURE(asked.path);
    if (byKernel.walk() == BeneathRoot::Walk::kernel)
      CHECK(kindOf(byKernel.open(asked.path)) == asked.byKernel);
    CHECK(kindOf(byComponents.open(asked.path)) == asked.byComponents);
  }
  // The kernel takes an absolute path for one outside, the walk for one from the root: neither leaves.
  CHECK_FALSE(byKernel.open("/etc/passwd"));
  CHECK_FALSE(byComponents.open("/etc/passwd"));
  CHECK(openDescriptors() == before);
}

TEST_CASE("size, time and bytes of a file") {
  const StaticTree tree;
  const auto file = BeneathRoot(tree.root()).open("hello.txt");
  REQUIRE(file);
  CHECK(file->size == 11);
  CHECK(file->modified.tv_sec == 784111777);
  std::array<char, 5> bytes{};
  h3::readFileAt(file->descriptor, 6, bytes);
  CHECK(std::string_view(bytes.data(), bytes.size()) == "world");
  CHECK_THROWS_AS(h3::readFileAt(file->descriptor, 7, bytes), std::runtime_error);
}

TEST_CASE("a lack of descriptors is not a missing file") {
  const StaticTree tree;
  const BeneathRoot root(tree.root());
  CHECK_THROWS_AS(openWithoutDescriptors(root, "hello.txt"), std::system_error);
}
