// region_reader.cpp and target_process.cpp.
// RegionReader: the shim's own memory in children that have no region.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "fake_region.hpp"
#include "region/control_region.hpp"
#include "region/region_reader.hpp"

using namespace leakgate;

namespace {

constexpr std::size_t kTableBytes = 3 * 4096;

// A child of fork that counts nothing, and so has no region.
class IdleChild {
 public:
  explicit IdleChild(void (*first)(void*), void* argument) : pid_(::fork()) {
    if (pid_ != 0) return;
    first(argument);
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  ~IdleChild() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  IdleChild(const IdleChild&) = delete;
  IdleChild& operator=(const IdleChild&) = delete;

  pid_t pid() const {
    ::waitpid(pid_, nullptr, WUNTRACED);
    return pid_;
  }

 private:
  pid_t pid_;
};

// A ControlRegion maps its page itself, and so does a child of its process.
void unmapControl(void*) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with("/control")) continue;
    const std::uint64_t start = std::stoull(line, nullptr, 16);
    ::munmap(reinterpret_cast<void*>(start), 4096);
  }
}

std::uint64_t inheritedBy(const RegionReader& reader, pid_t pid) {
  ShimAudit audit;
  reader.addInherited(audit, {pid});
  CHECK(audit.regionBytes == audit.privateBytes);
  return audit.privateBytes;
}

}  // namespace

TEST_CASE("a child without a region has its parent's private tables") {
  const ControlRegion control;
  void* const table =
      ::mmap(nullptr, 2 * kTableBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(table != MAP_FAILED);
  for (std::size_t at = 0; at < kTableBytes; at += 4096) static_cast<char*>(table)[at] = 1;
  FakeRegion region = regionWithOneSite();
  region.header.mappings[0] = {reinterpret_cast<std::uint64_t>(table), 2 * kTableBytes};
  region.header.mappingCount = 1;
  region.write(control.directory());
  RegionReader reader(control.directory());
  CHECK(reader.read().audit.privateBytes == kTableBytes);

  const IdleChild child([](void*) {}, nullptr);
  CHECK(inheritedBy(reader, child.pid()) == kTableBytes);
  const IdleChild writer([](void* to) { static_cast<char*>(to)[kTableBytes] = 1; }, table);
  CHECK(inheritedBy(reader, writer.pid()) == kTableBytes + 4096);
  CHECK(inheritedBy(reader, ::getpid()) == 0);  // it has its own region
  const IdleChild other(unmapControl, nullptr);
  CHECK(inheritedBy(reader, other.pid()) == 0);  // as after exec
  CHECK(inheritedBy(reader, ::getppid()) == 0);
  ::munmap(table, 2 * kTableBytes);
}
