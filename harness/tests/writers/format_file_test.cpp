#include "writers/format_file.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

std::string errorOf(const std::vector<std::string>& typed) {
  try {
    formatFilesOf(typed);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a format is named, or chosen by the file's name") {
  CHECK(formatFileOf("junit=a.json").writer == writerNamed("junit"));
  CHECK(formatFileOf("junit=a.json").file == "a.json");
  CHECK(formatFileOf("junit=a=b").file == "a=b");
  CHECK(formatFileOf("out/a.xml").writer == writerNamed("junit"));
  CHECK(formatFileOf("./run=1/a.xml").file == "./run=1/a.xml");
}

TEST_CASE("what is no format is named, with those that there are") {
  CHECK(errorOf({"junti=a.xml"}).find("did you mean junit?") != std::string::npos);
  CHECK(errorOf({"junti=a.xml"}).find("found \"junti=a.xml\", expected NAME=FILE") != std::string::npos);
  for (const char* typed : {"", "junit=", "junit", "a.doc", "-"}) {
    CAPTURE(typed);
    CHECK(errorOf({typed}).find("expected NAME=FILE with one of junit") != std::string::npos);
  }
}

TEST_CASE("a file that cannot be written, or is there twice, is refused before the work") {
  const Workspace workspace;
  const std::string file = workspace.file("a.xml");
  CHECK(errorOf({file}) == "");
  CHECK(errorOf({file, "junit=" + file}).find("twice") != std::string::npos);
  CHECK(errorOf({"junit=-", "junit=-"}) == "");
  CHECK(errorOf({"junit=/proc/nothing/a.xml"}) != "");
  CHECK_FALSE(std::filesystem::exists(file));
}
