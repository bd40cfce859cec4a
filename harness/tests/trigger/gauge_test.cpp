#include "trigger/gauge.hpp"

#include <doctest/doctest.h>

#include "analysis/record_builder.hpp"

using namespace leakgate;

TEST_CASE("the gauge follows one site, in units of what it grows by") {
  Finding finding;
  finding.blocks = {0, 1000, 2000};
  finding.bytes = {0, 17000, 34000};
  finding.scope = "setContext";
  const auto gauge = gaugeOf(finding, {RecordBuilder::at(1)}, 2000);
  REQUIRE(gauge.has_value());
  CHECK(gauge->perRequest == 1);
  const RunRecord record = RecordBuilder({100, 100})
                               .site(RecordBuilder::at(1), {5, 105, 205}, {0, 1700, 3400}, "setContext")
                               .site(RecordBuilder::at(1), {0, 7, 7}, {0, 70, 70}, "")
                               .site(RecordBuilder::at(2), {0, 9, 9}, {0, 90, 90}, "setContext");
  const auto course = courseOf(*gauge, record);
  CHECK(course.blocks == Series{0, 100, 200});
  CHECK(course.bytes == Series{0, 1700, 3400});

  // Descriptors by the place that opened them.
  auto opened = RecordBuilder({100, 100});
  for (std::uint64_t k = 0; k < 3; ++k) {
    opened.record().checkpoints[k].memory.resources = {
        {ResourceKind::descriptor, RecordBuilder::at(1), 10 + 100 * k, 10, 0, 0},
        {ResourceKind::descriptor, RecordBuilder::at(2), 7 * k, 0, 0, 0},
        {ResourceKind::thread, RecordBuilder::at(1), 9 * k, 0, 0, 0}};
  }
  Finding descriptors = finding;
  descriptors.kind = FindingKind::descriptor;
  CHECK(courseOf(*gaugeOf(descriptors, {RecordBuilder::at(1)}, 2000), opened).blocks == Series{0, 100, 200});
  CHECK(courseOf(*gaugeOf(descriptors, {}, 2000), opened).blocks ==
        Series{0, 0, 0});  // by the kernel's count

  finding.pattern = Pattern::stepped;
  CHECK(gaugeOf(finding, {}, 2000).has_value());  // a rise in each block
  finding.blocks[1] = 0;
  CHECK_FALSE(gaugeOf(finding, {}, 2000).has_value());
  finding.pattern = Pattern::slow;  // a logarithm's start is many times steeper than what was found
  CHECK_FALSE(gaugeOf(finding, {}, 2000).has_value());
  CHECK(reasonNotAsked(finding) ==
        "it rises less than the work, and short experiments see only how it starts");
}

TEST_CASE("an open file that is deleted and grows is measured by its bytes") {
  Finding finding;
  finding.kind = FindingKind::file;
  finding.detail = "/tmp/spool.1 (deleted)";
  finding.blocks = {0, 0, 0};
  finding.bytes = {0, 100 * 512, 200 * 512};
  const auto gauge = gaugeOf(finding, {}, 200);
  REQUIRE(gauge.has_value());
  CHECK(gauge->byBytes);
  const auto with = [](const std::string& path) {
    auto builder = RecordBuilder({100, 100});
    for (std::uint64_t k = 0; k < 3; ++k) {
      builder.record().checkpoints[k].process.openFiles = {
          {path, 1000 + 512 * 100 * k}, {"/var/log/server", 99 * k}, {"/memfd:pages (deleted)", 4096 * k}};
    }
    return builder;
  };
  const Series expected{0, 51'200, 102'400};
  CHECK(courseOf(*gauge, with("/tmp/spool.1 (deleted)")).bytes == expected);
  CHECK(courseOf(*gauge, with("/tmp/spool.2 (deleted)")).bytes == expected);  // the next start's name
  CHECK(courseOf(*gauge, with("/tmp/spool.1")).bytes == Series{0, 0, 0});     // not deleted

  finding.kind = FindingKind::sharedMemory;
  finding.detail = "/memfd:pages (deleted)";
  CHECK(courseOf(*gaugeOf(finding, {}, 200), with("/x (deleted)")).bytes == Series{0, 4096, 8192});
}

TEST_CASE("an enlarged mapping is measured in bytes, and other kinds are not measured") {
  Finding enlarged;
  enlarged.kind = FindingKind::mapping;
  enlarged.blocks = {0, 0, 0};
  enlarged.bytes = {0, 200'704, 401'408};
  const auto gauge = gaugeOf(enlarged, {}, 2000);
  REQUIRE(gauge.has_value());
  CHECK(gauge->byBytes);
  enlarged.blocks = {0, 1, 1};  // now and then a new one
  CHECK(gaugeOf(enlarged, {}, 2000)->byBytes);
  enlarged.follows = Follows::time;
  CHECK(reasonNotAsked(enlarged) == "it follows time, not what is asked");
  enlarged.follows = Follows::request;
  enlarged.kind = FindingKind::retention;
  CHECK_FALSE(gaugeOf(enlarged, {}, 2000).has_value());
  CHECK(reasonNotAsked(enlarged) == "short experiments do not measure this kind");
}
