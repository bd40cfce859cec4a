#include "report/table.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

Table sampleTable() {
  Table table({{"scenario"}, {"growth", Align::right}, {"note"}});
  table.add({"context_churn", "0 B", "a|b"});
  table.add({"json", "136,000 B"});
  return table;
}

}  // namespace

TEST_CASE("columns are as wide as their widest cell") {
  CHECK(sampleTable().text() ==
        "scenario          growth  note\n"
        "context_churn        0 B  a|b\n"
        "json           136,000 B\n");
}

TEST_CASE("Markdown") {
  CHECK(sampleTable().markdown() ==
        "| scenario | growth | note |\n"
        "|---|---:|---|\n"
        "| context_churn | 0 B | a\\|b |\n"
        "| json | 136,000 B |  |\n");
}

TEST_CASE("no colour without a terminal") { CHECK_FALSE(wantsColour(-1)); }
