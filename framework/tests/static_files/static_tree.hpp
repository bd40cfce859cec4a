// A directory of files, links and traps for the tests of static files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "h3http/app.hpp"
#include "h3http/static_files.hpp"

namespace h3::test {

///     outside.txt                       what must never be served
///     root/index.html hello.txt "a b.txt" 100%.txt zero.txt
///          bytes.bin                    kBytes bytes, each its position modulo 251
///          .hidden  dir/.git/config
///          docs/index.html docs/page.html  empty/  indexdir/index.html/
///          fifo
///          link-inside -> hello.txt     dirlink-inside -> docs
///          link-outside -> ../outside.txt  link-absolute -> /etc/passwd  dirlink-outside -> ..  loop -> loop
///
/// Removed on destruction. All files were last changed on Sun, 06 Nov 1994 08:49:37 GMT.
class StaticTree {
 public:
  static constexpr std::size_t kBytes = 1000;
  static constexpr const char* kModified = "Sun, 06 Nov 1994 08:49:37 GMT";

  StaticTree();
  ~StaticTree();
  StaticTree(const StaticTree&) = delete;
  StaticTree& operator=(const StaticTree&) = delete;

  std::filesystem::path root() const { return base_ / "root"; }
  /// Puts a file below the root, with its old modification time.
  void write(const std::string& name, const std::string& content) const;
  static std::string bytesContent();

 private:
  std::filesystem::path base_;
};

/// Serves the tree at /.
App siteOf(const StaticTree& tree, StaticOptions options = {});

/// How many descriptors this process has open.
std::size_t openDescriptors();

}  // namespace h3::test
