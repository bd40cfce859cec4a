#include "analysis/finding_kind.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("every kind has one row, with its name, unit and metrics") {
  struct Row {
    FindingKind kind;
    const char* name;
    const char* unit;
    bool hasBytes;
    std::size_t metrics;
  };
  for (const Row& row : {Row{FindingKind::heap, "heap", "blocks", true, 4},
                         Row{FindingKind::mapping, "mapping", "mappings", true, 1},
                         Row{FindingKind::descriptor, "descriptor", "descriptors", false, 1},
                         Row{FindingKind::thread, "thread", "threads", false, 1},
                         Row{FindingKind::slowdown, "slowdown", "blocks", false, 1},
                         Row{FindingKind::retention, "retention", "blocks", false, 0},
                         Row{FindingKind::uncounted, "uncounted", "blocks", true, 2},
                         Row{FindingKind::managed, "managed", "objects", true, 2},
                         Row{FindingKind::process, "process", "processes", false, 1},
                         Row{FindingKind::zombie, "zombie", "zombie processes", false, 1},
                         Row{FindingKind::sharedMemory, "shared_memory", "shared memory segments", true, 2},
                         Row{FindingKind::semaphore, "semaphore", "semaphores", false, 1},
                         Row{FindingKind::messageQueue, "message_queue", "message queues", false, 1},
                         Row{FindingKind::watch, "watch", "file watches", false, 1},
                         Row{FindingKind::registration, "registration", "epoll registrations", false, 1},
                         Row{FindingKind::timer, "timer", "POSIX timers", false, 1},
                         Row{FindingKind::lock, "lock", "file locks", false, 1},
                         Row{FindingKind::threadKey, "thread_key", "pthread keys", false, 1},
                         Row{FindingKind::file, "file", "files", true, 2}}) {
    CAPTURE(row.name);
    const KindTraits& traits = traitsOf(row.kind);
    CHECK((traits.kind == row.kind));
    CHECK(toString(row.kind) == row.name);
    CHECK(traits.unit == row.unit);
    CHECK(traits.hasBytes == row.hasBytes);
    CHECK(traits.metrics().size() == row.metrics);
  }
  CHECK(allKinds().size() == 19);
  CHECK(traitsOf(FindingKind::thread).metrics()[0] == "threads_growth");
  CHECK(traitsOf(FindingKind::heap).metrics()[3] == "live_blocks_growth");
}
