#include "report/atomic_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "scenario/input_error.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = fs::temp_directory_path() / "atomic-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

// Writes beyond this many bytes fail with EFBIG, as on a full disk.
struct FileSizeLimit {
  rlimit before{};
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit limit{bytes, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, SIG_DFL);
  }
};

}  // namespace

TEST_CASE("a file is written whole, in folders that are made") {
  const Folder folder;
  const fs::path file = folder.path / "a" / "b" / "report.json";
  writeAtomically(file, "first");
  CHECK(readWhole(file) == "first");
  writeAtomically(file, "second");
  CHECK(readWhole(file) == "second");
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()) == 1);
}

TEST_CASE("when writing fails, nothing is left under either name and the old file stays") {
  const Folder folder;
  const fs::path file = folder.path / "report.json";
  const std::string large(1 << 20, 'x');
  {
    const FileSizeLimit limit(64 << 10);
    CHECK_THROWS_AS(writeAtomically(file, large), InputError);
    CHECK(folder.entries() == 0);
    writeAtomically(file, "old");
    CHECK_THROWS_AS(writeAtomically(file, large), InputError);
  }
  CHECK(readWhole(file) == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("when the name is taken by a folder, the temporary file goes") {
  const Folder folder;
  fs::create_directory(folder.path / "report.json");
  CHECK_THROWS_AS(writeAtomically(folder.path / "report.json", "x"), InputError);
  CHECK(folder.entries() == 1);
}

TEST_CASE("what is no regular file is written into and stays") {
  const Folder folder;
  const fs::path pipe = folder.path / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDWR);
  REQUIRE(reader >= 0);
  writeAtomically(pipe, "whole");
  char text[16] = {};
  CHECK(::read(reader, text, sizeof text) == 5);
  CHECK(std::string(text) == "whole");
  CHECK(fs::is_fifo(pipe));
  ::close(reader);

  const fs::path device = folder.path / "null";
  if (::mknod(device.c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0) {  // as root only
    writeAtomically(device, "nothing");
    CHECK(fs::is_character_file(device));
  }
  CHECK(folder.entries() <= 2);
}

TEST_CASE("a link stays, and the file that it leads to is replaced") {
  const Folder folder;
  writeAtomically(folder.path / "report.json", "old");
  fs::create_symlink("report.json", folder.path / "latest");
  writeAtomically(folder.path / "latest", "new");
  CHECK(fs::is_symlink(folder.path / "latest"));
  CHECK(readWhole(folder.path / "report.json") == "new");

  fs::create_symlink("later/report.json", folder.path / "dangling");
  requireWritable(folder.path / "dangling");
  CHECK_FALSE(fs::exists(folder.path / "later"));
  writeAtomically(folder.path / "dangling", "first");
  CHECK(fs::is_symlink(folder.path / "dangling"));
  CHECK(readWhole(folder.path / "later" / "report.json") == "first");
  fs::create_symlink("round", folder.path / "round");
  CHECK_THROWS_AS(writeAtomically(folder.path / "round", "x"), InputError);
  CHECK(fs::is_symlink(folder.path / "round"));
}

TEST_CASE("whether a file can be written is seen without writing it") {
  const Folder folder;
  writeAtomically(folder.path / "old.json", "old");
  requireWritable(folder.path / "old.json");
  requireWritable(folder.path / "a" / "b" / "new.json");
  requireWritable("/dev/null");
  CHECK(readWhole(folder.path / "old.json") == "old");
  CHECK(folder.entries() == 1);
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  requireWritable(folder.path / "pipe");  // its reader may come later
  CHECK_THROWS_AS(requireWritable(folder.path), InputError);
  CHECK_THROWS_AS(requireWritable(folder.path / "old.json" / "x.json"), InputError);
  CHECK_THROWS_AS(requireWritable(folder.path / "a/"), InputError);
  CHECK_THROWS_AS(requireWritable("/dev/full"), InputError);
  CHECK_THROWS_AS(requireWritable("/proc/nothing/r.json"), InputError);
}

TEST_CASE("a file that has no size is read to its end, and no further than a report goes") {
  CHECK(readWhole("/dev/null") == "");
  CHECK(readWhole("/proc/self/comm") != "");
  CHECK_THROWS_AS(readWhole("/dev/zero"), InputError);
  CHECK_THROWS_AS(readWhole("/tmp"), InputError);
}

TEST_CASE("standard output by its name continues at its position") {
  const Folder folder;
  const fs::path file = folder.path / "out";
  const int saved = ::dup(STDOUT_FILENO);
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
  std::fflush(stdout);
  ::dup2(out, STDOUT_FILENO);
  std::printf("before ");
  writeAtomically("/dev/stdout", "report");
  std::printf(" after");
  std::fflush(stdout);
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  ::close(out);
  CHECK(readWhole(file) == "before report after");
}

TEST_CASE("what cannot be read is named") {
  const Folder folder;
  const std::string missing = (folder.path / "missing.json").string();
  try {
    readWhole(missing);
    FAIL("read a file that is not there");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find(missing + ": cannot read") == 0);
  }
}
