// resource_tables.cpp, handle_table.cpp, object_table.cpp and the hooks of descriptors, mappings, objects and
// names. Descriptors, mappings and threads: what a program leaves open is what the region shows, at the
// program's places.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <set>
#include <string>

#include "probe_process.hpp"
#include "region/layout.hpp"

using namespace leakgate;

namespace {

struct Open {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  std::uint64_t opened = 0;
};

Open operator-(const Open& left, const Open& right) {
  return {left.count - right.count, left.bytes - right.bytes, left.opened - right.opened};
}

// Of one kind, opened by the probe itself.
Open openBy(ProbeProcess& probe, ResourceKind kind) {
  Open sum;
  for (const ResourceRow& row : probe.reader.read().resources) {
    if (row.kind != kind || row.caller.module != LEAKGATE_PROBE) continue;
    sum.count += static_cast<std::int64_t>(row.opened - row.closed);
    sum.bytes += static_cast<std::int64_t>(row.openedBytes - row.closedBytes);
    sum.opened += row.opened;
  }
  return sum;
}

Open leftBy(const std::string& command, ResourceKind kind, const std::string& depth = "sites") {
  ProbeProcess probe(LEAKGATE_PROBE, {{"LEAKGATE_DEPTH", depth}});
  const Open before = openBy(probe, kind);
  REQUIRE(probe.run(command) == "ok");
  return openBy(probe, kind) - before;
}

}  // namespace

TEST_CASE("descriptors that stay open are counted, at both depths") {
  CHECK(leftBy("leave_descriptors", ResourceKind::descriptor).count == 3);
  CHECK(leftBy("leave_descriptors", ResourceKind::descriptor, "count").count == 3);
}

TEST_CASE("every way to open a descriptor has its way to close it") {
  const Open left = leftBy("close_descriptors", ResourceKind::descriptor);
  CHECK(left.count == 0);
  CHECK(left.opened == 25);
}

TEST_CASE("a descriptor closed by a system call counts as closed when its number comes back") {
  CHECK(leftBy("close_behind", ResourceKind::descriptor).count == 1);
}

TEST_CASE("mappings that stay are counted with their bytes") {
  const Open left = leftBy("leave_mappings", ResourceKind::mapping);
  CHECK(left.count == 2);
  CHECK(left.bytes == 5 * 4096);
}

TEST_CASE("mappings may be cut, moved and overlaid") {
  const Open left = leftBy("cut_mappings", ResourceKind::mapping);
  CHECK(left.count == 0);
  CHECK(left.bytes == 0);
}

TEST_CASE("mappings made by syscall() count as those of libc's functions") {
  const Open left = leftBy("leave_raw_mappings", ResourceKind::mapping);
  CHECK(left.count == 1);
  CHECK(left.bytes == 8 * 4096);
  CHECK(left.opened == 3);
}

TEST_CASE("the program break counts by whole pages, and shrinks again") {
  const Open left = leftBy("move_break", ResourceKind::mapping);
  CHECK(left.bytes == 3 * 4096);
  CHECK(left.opened == 3);
}

TEST_CASE("threads count until they are joined, detached ones until they end") {
  CHECK(leftBy("leave_threads", ResourceKind::thread).count == 2);
  CHECK(leftBy("leave_detached", ResourceKind::thread).count == 2);
  const Open left = leftBy("end_threads", ResourceKind::thread);
  CHECK(left.count == 0);
  CHECK(left.opened == 203);
}

TEST_CASE("a child that closes what it inherited does not close it for its parent") {
  CHECK(leftBy("fork_descriptors", ResourceKind::descriptor).count == 1);
}

TEST_CASE("nor does one of vfork, which shares its parent's tables") {
  const Open left = leftBy("vfork_descriptors", ResourceKind::descriptor);
  CHECK(left.count == 1);
  CHECK(left.opened == 1);
}

TEST_CASE("children count until they are waited for, by whichever call they were made") {
  CHECK(leftBy("leave_children", ResourceKind::process).count == 2);
  const Open left = leftBy("reap_children", ResourceKind::process);
  CHECK(left.count == 0);
  CHECK(left.opened == 8);
}

TEST_CASE("ended children leave no pages of the shim's tables behind") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("reap_children") == "ok");
  const std::uint64_t before = probe.reader.read().audit.privateBytes;
  REQUIRE(probe.run("reap_many_children") == "ok");
  CHECK(probe.reader.read().audit.privateBytes <= before + 8 * 4096);
}

TEST_CASE("a table of handles grows with what it holds") {
  const Open left = leftBy("unmap_many", ResourceKind::mapping);
  CHECK(left.count == 1);
  CHECK(left.bytes == 4096);
  CHECK(left.opened == 3000);
}

TEST_CASE("a handler of SIGCHLD may wait for children, also before fork has returned") {
  const Open left = leftBy("reap_in_handler", ResourceKind::process);
  CHECK(left.count == 0);
  CHECK(left.opened == 300);
}

TEST_CASE("kernel objects count until they are removed") {
  struct Row {
    const char* left;
    const char* removed;
    ResourceKind kind;
    std::int64_t count;
  };
  for (const Row& row : {Row{"leave_watches", "remove_watches", ResourceKind::watch, 2},
                         Row{"leave_timers", "remove_timers", ResourceKind::timer, 2},
                         Row{"leave_keys", "remove_keys", ResourceKind::threadKey, 2},
                         Row{"leave_segments", "remove_segments", ResourceKind::sharedMemory, 2},
                         Row{"leave_semaphores", "remove_semaphores", ResourceKind::semaphore, 2},
                         Row{"leave_queues", "remove_queues", ResourceKind::messageQueue, 1},
                         Row{"leave_queues", "remove_queues", ResourceKind::posixQueue, 1},
                         Row{"leave_registrations", "remove_registrations", ResourceKind::registration, 2},
                         Row{"leave_locks", "remove_locks", ResourceKind::lock, 5},
                         Row{"leave_locks", "close_locks", ResourceKind::lock, 5},
                         Row{"leave_files", "remove_files", ResourceKind::file, 7}}) {
    CAPTURE(row.left);
    ProbeProcess probe(LEAKGATE_PROBE);
    const Open before = openBy(probe, row.kind);
    REQUIRE(probe.run(row.left) == "ok");
    CHECK((openBy(probe, row.kind) - before).count == row.count);
    REQUIRE(probe.run(row.removed) == "ok");
    CHECK((openBy(probe, row.kind) - before).count == 0);
  }
}

TEST_CASE("names that existed before, or are elsewhere, are not counted") {
  CHECK(leftBy("open_again", ResourceKind::file).opened == 1);
}

TEST_CASE("files that a child made count when it has ended, its descriptors do not") {
  ProbeProcess probe(LEAKGATE_PROBE);
  const auto opened = [&](ResourceKind kind) {
    std::uint64_t sum = 0;
    for (const ResourceRow& row : probe.reader.read().resources) sum += row.kind == kind ? row.opened : 0;
    return sum;
  };
  const auto descriptors = opened(ResourceKind::descriptor);
  REQUIRE(probe.run("leave_by_child") == "ok");
  CHECK(opened(ResourceKind::file) == 1);
  CHECK(opened(ResourceKind::descriptor) == descriptors);
}

TEST_CASE("the directories of new names are listed for the runner") {
  ProbeProcess probe(LEAKGATE_PROBE);
  REQUIRE(probe.run("leave_files") == "ok");
  std::ifstream list(probe.control.directory() / layout::kFolderList);
  std::set<std::string> folders;
  for (std::string line; std::getline(list, line);) CHECK(folders.insert(line).second);
  CHECK(folders.size() == 2);
  CHECK(folders.contains("/tmp"));
  REQUIRE(probe.run("remove_files") == "ok");
}
