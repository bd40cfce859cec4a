#include "static_tree.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace fs = std::filesystem;

namespace h3::test {

StaticTree::StaticTree() {
  std::string name = (fs::temp_directory_path() / "h3-static-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
  base_ = name;
  for (const char* directory : {"dir/.git", "docs", "empty", "indexdir/index.html"})
    fs::create_directories(root() / directory);
  for (const char* file : {"index.html", "../outside.txt", ".hidden", "dir/.git/config", "docs/index.html",
                           "docs/page.html", "a b.txt", "100%.txt", "back\\slash.txt"})
    write(file, std::string("content of ") + file);
  write("hello.txt", "hello world");
  write("zero.txt", "");
  write("bytes.bin", bytesContent());
  if (::mkfifo((root() / "fifo").c_str(), 0600) != 0) throw std::runtime_error("mkfifo");
  fs::create_symlink("hello.txt", root() / "link-inside");
  fs::create_symlink("docs", root() / "dirlink-inside");
  fs::create_symlink("../outside.txt", root() / "link-outside");
  fs::create_symlink("/etc/passwd", root() / "link-absolute");
  fs::create_symlink("..", root() / "dirlink-outside");
  fs::create_symlink("loop", root() / "loop");
}

StaticTree::~StaticTree() {
  std::error_code ignored;
  fs::remove_all(base_, ignored);
}

void StaticTree::write(const std::string& name, const std::string& content) const {
  std::ofstream(root() / name, std::ios::binary) << content;
  const timespec modified{784111777, 0};
  const timespec times[2] = {modified, modified};
  if (::utimensat(AT_FDCWD, (root() / name).c_str(), times, 0) != 0)
    throw std::runtime_error("utimensat " + name);
}

std::string StaticTree::bytesContent() {
  std::string content(kBytes, '\0');
  for (std::size_t i = 0; i < kBytes; ++i) content[i] = static_cast<char>(i % 251);
  return content;
}

App siteOf(const StaticTree& tree, StaticOptions options) {
  options.root = tree.root();
  App app;
  app.get("/**:path", serveStatic(options));
  return app;
}

std::size_t openDescriptors() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace h3::test
