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
                         Row{FindingKind::slowdown, "slowdown", "blocks", false, 0},
                         Row{FindingKind::retention, "retention", "blocks", false, 0}}) {
    CAPTURE(row.name);
    const KindTraits& traits = traitsOf(row.kind);
    CHECK((traits.kind == row.kind));
    CHECK(toString(row.kind) == row.name);
    CHECK(traits.unit == row.unit);
    CHECK(traits.hasBytes == row.hasBytes);
    CHECK(traits.metrics().size() == row.metrics);
  }
  CHECK(traitsOf(FindingKind::thread).metrics()[0] == "threads_growth");
  CHECK(traitsOf(FindingKind::heap).metrics()[3] == "live_blocks_growth");
}
