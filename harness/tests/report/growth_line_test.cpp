#include "report/growth_line.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

TEST_CASE("what is proportional to its events is a straight line, though checkpoints double the work") {
  const Finding growth = leakyReport().findings[0].growth;
  REQUIRE(growth.checkpoints == std::vector<std::uint64_t>{0, 1000, 2000, 4000, 8000});
  CHECK(growthLine(growth, Charset::ascii) == "live bytes __..--~~==++**## +136,000");
  CHECK(growthLine(growth, Charset::utf8) == "live bytes ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ +136,000");
}

TEST_CASE("without bytes it is the count, by its name") {
  Finding growth;
  growth.kind = FindingKind::descriptor;
  growth.checkpoints = {0, 10, 20};
  growth.blocks = {0, 0, 40};
  growth.bytes = {0, 0, 0};
  CHECK(growthLine(growth, Charset::ascii) == "descriptors _________.-~=+*# +40");
}

TEST_CASE("what has no course has no line") {
  Finding growth;
  CHECK(growthLine(growth, Charset::ascii) == "");
  growth.checkpoints = {0, 10};
  growth.bytes = {0};
  CHECK(growthLine(growth, Charset::ascii) == "");
  growth.bytes = {0, 8};
  CHECK(growthLine(growth, Charset::ascii) != "");
  growth.checkpoints = {0, 0};  // it follows nothing that was counted
  CHECK(growthLine(growth, Charset::ascii) == "");
  growth.checkpoints = {0, 10};
  growth.kind = FindingKind::slowdown;
  CHECK(growthLine(growth, Charset::ascii) == "");
}
