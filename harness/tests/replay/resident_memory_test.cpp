#include "replay/resident_memory.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <sstream>

using namespace leakgate;

namespace {

ResidentMemory parsed(const std::string& text) {
  std::istringstream smaps(text);
  ResidentMemory memory;
  addSmaps(memory, 7, smaps);
  return memory;
}

// Of the mapping that holds this address of ours.
std::uint64_t residentAround(const void* place) {
  const auto address = reinterpret_cast<std::uintptr_t>(place);
  for (const ResidentArea& area : sampleResidentMemory({getpid()}).largest) {
    if (address - area.start < area.bytes) return area.resident;
  }
  return 0;
}

constexpr const char* kHeader = "55d0c000-55d2d000 rw-p 00000000 00:00 0                          [heap]\n";

}  // namespace

TEST_CASE("anonymous pages of smaps, table") {
  struct Row {
    const char* name;
    std::string text;
    std::uint64_t bytes;
  };
  const std::string header = kHeader;
  for (const Row& row : {
           Row{"nothing", "", 0},
           Row{"a mapping without pages", header + "Anonymous:             0 kB\n", 0},
           Row{"resident", header + "Rss:  9 kB\nAnonymous:             8 kB\n", 8192},
           Row{"swapped out is still taken", header + "Anonymous: 4 kB\nSwap:   12 kB\n", 16384},
           Row{"given back lazily is not", header + "Anonymous: 20 kB\nLazyFree:   16 kB\n", 4096},
           Row{"more given back than there", header + "Anonymous: 4 kB\nLazyFree:   16 kB\n", 0},
           Row{"a number that is none", header + "Anonymous: x kB\n", 0},
           Row{"fields before any header", "Anonymous: 4 kB\n", 4096},
           Row{"cut short", header + "Anonym", 0},
           Row{"flags with a dash", header + "Anonymous: 4 kB\nVmFlags: rd wr mr-x\n", 4096},
       }) {
    CAPTURE(row.name);
    CHECK(parsed(row.text).bytes == row.bytes);
  }
}

TEST_CASE("pages are summed by the kernel's name of the mapping") {
  const ResidentMemory memory = parsed(std::string(kHeader) + "Anonymous: 8 kB\n" +
                                       "7f0000000000-7f0000021000 rw-p 00000000 00:00 0 \n"
                                       "Anonymous: 16 kB\n"
                                       "7f1000000000-7f1000001000 rw-p 00001000 fe:01 42   /opt/a server\n"
                                       "Anonymous: 4 kB\n"
                                       "7f2000000000-7f2000001000 rw-p 00000000 00:00 0 \n"
                                       "Anonymous: 4 kB\n");
  CHECK(memory.bytes == 32 * 1024);
  CHECK(memory.byName.at("[heap]") == 8 * 1024);
  CHECK(memory.byName.at(kAnonymousName) == 20 * 1024);
  CHECK(memory.byName.at("/opt/a server") == 4 * 1024);
  REQUIRE(memory.largest.size() == 4);
  CHECK((memory.largest[0] == ResidentArea{7, 0x7f0000000000, 0x21000, 16 * 1024}));
}

TEST_CASE("shared anonymous memory counts once, shared memory with a name not at all") {
  const std::string header = "7f0000000000-7f0000100000 rw-s 00000000 00:01 4711    /dev/zero (deleted)\n";
  const std::string fields = "Rss: 64 kB\nPss: 32 kB\nAnonymous: 0 kB\nSwap: 0 kB\n";
  ResidentMemory memory = parsed(header + fields);
  std::istringstream other(
      header + fields +
      "7f0000200000-7f0000300000 rw-s 00000000 00:01 4712    /dev/zero (deleted)\n"
      "Rss: 4 kB\nPss: 4 kB\nAnonymous: 0 kB\nSwap: 8 kB\n"
      "7f0000400000-7f0000500000 rw-s 00000000 00:01 9 /memfd:cache (deleted)\n" +
      fields + "7f0000600000-7f0000700000 rw-s 00000000 00:19 8 /dev/shm/cache\n" + fields +
      "7f0000800000-7f0000900000 rw-s 00000000 00:01 7 /SYSV00000000 (deleted)\n" + fields +
      "7f0000a00000-7f0000b00000 r--p 00000000 fe:01 6 /usr/lib/libc.so.6\n" + fields);
  addSmaps(memory, 8, other);
  CHECK(memory.bytes == (64 + 12) * 1024);
  CHECK(memory.byName.size() == 1);
  CHECK(memory.byName.at(kSharedAnonymousName) == (64 + 12) * 1024);
  REQUIRE(memory.largest.size() == 2);
  CHECK((memory.largest[0] == ResidentArea{7, 0x7f0000000000, 0x100000, 64 * 1024, 4711}));
  CHECK((memory.largest[1] == ResidentArea{8, 0x7f0000200000, 0x100000, 12 * 1024, 4712}));
}

TEST_CASE("only the largest mappings are kept, all of them count") {
  std::string text;
  for (unsigned k = 1; k <= kMaxResidentAreas + 5; ++k) {
    text += std::to_string(k) + "000-" + std::to_string(k + 1) +
            "000 rw-p 00000000 00:00 0 \nAnonymous: " + std::to_string(k) + " kB\n";
  }
  const ResidentMemory memory = parsed(text);
  CHECK(memory.largest.size() == kMaxResidentAreas);
  CHECK(memory.largest.back().resident == 6 * 1024);
  CHECK(memory.bytes == 1024ULL * (kMaxResidentAreas + 5) * (kMaxResidentAreas + 6) / 2);
}

TEST_CASE("the pages that this process touches are the ones that its mapping gains") {
  constexpr std::size_t kBytes = 8 << 20;
  for (const int sharing : {MAP_PRIVATE, MAP_SHARED}) {
    CAPTURE(sharing);
    void* const area = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    REQUIRE(area != MAP_FAILED);
    const std::uint64_t before = residentAround(area);
    std::memset(area, 1, kBytes / 2);
    const std::uint64_t touched = residentAround(area) - before;
    munmap(area, kBytes);
    CHECK(touched >= kBytes / 2);
    CHECK(touched < kBytes);
  }
}
