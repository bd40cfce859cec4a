#include "region/owned_directory.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

std::size_t entriesIn(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

// A process that makes a directory in `parent`, and is killed with it.
fs::path abandonedDirectory(const fs::path& parent) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const OwnedDirectory directory(parent);
    const std::string path = directory.path();
    if (::write(ends[1], path.data(), path.size()) < 0) ::_exit(1);
    for (;;) ::pause();
  }
  char path[4096] = {};
  REQUIRE(::read(ends[0], path, sizeof path - 1) > 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  return path;
}

}  // namespace

TEST_CASE("a directory goes with its owner") {
  const OwnedDirectory parent(fs::temp_directory_path());
  const std::size_t before = entriesIn(parent.path());
  {
    const OwnedDirectory directory(parent.path());
    std::ofstream(directory.path() / "file") << "x";
    fs::create_directory(directory.path() / "folder");
    CHECK(entriesIn(parent.path()) == before + 1);
  }
  CHECK(entriesIn(parent.path()) == before);
}

TEST_CASE("what a killed process left goes with the next one, and nothing else") {
  const OwnedDirectory parent(fs::temp_directory_path());
  const fs::path left = abandonedDirectory(parent.path());
  std::ofstream(left / "file") << "x";
  REQUIRE(fs::exists(left));
  const OwnedDirectory living(parent.path());
  CHECK_FALSE(fs::exists(left));

  // Not one of ours, and one that is being made.
  const fs::path foreign = parent.path() / "leakgate-cases";
  fs::create_directory(foreign);
  const fs::path begun = parent.path() / "leakgate-begun";
  fs::create_directory(begun);
  std::ofstream(begun / "owner").flush();
  sweepOwnedDirectories(parent.path());
  CHECK(fs::exists(foreign));
  CHECK(fs::exists(begun));
  CHECK(fs::exists(living.path()));
}

TEST_CASE("a directory that cannot be made") {
  CHECK_THROWS_AS(OwnedDirectory("/proc/nothing"), fs::filesystem_error);
}
