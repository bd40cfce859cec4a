#include "writers/writer.hpp"

#include <doctest/doctest.h>

#include <set>

#include "writers/hostile_results.hpp"

using namespace leakgate;

TEST_CASE("each format has one name, and no end of a file's name chooses two") {
  std::set<std::string_view> names;
  std::set<std::string_view> ends;
  for (const auto& writer : allWriters()) {
    CHECK(names.insert(writer.name).second);
    CHECK(writerNamed(writer.name) == &writer);
    for (const auto end : writer.files) CHECK((end.empty() || ends.insert(end).second));
  }
  CHECK(writerNamed("no-such") == nullptr);
  CHECK(writerForFile("report.json") == nullptr);
  CHECK(writerForFile("out/junit.xml")->name == "junit");
}

TEST_CASE("every format survives nothing, any name and long ones") {
  const std::vector<std::vector<GateResult>> all{
      {}, mixedResults(), resultsNamed(kHostileName), resultsNamed(hugeName()), resultsNamed("")};
  for (const auto& writer : allWriters()) {
    CAPTURE(writer.name);
    for (const auto& results : all) {
      const std::string text = writer.write({results, "leakgate gate", 1});
      CHECK(text.size() < 1'000'000);
      CHECK(text == writer.write({results, "leakgate gate", 1}));
    }
  }
}
