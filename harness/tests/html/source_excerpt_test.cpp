#include "html/source_excerpt.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "report/atomic_file.hpp"
#include "report/sample_report.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

std::string excerpt(unsigned line, const SourceReader& read, const std::string& file = "a.cpp") {
  Markup markup;
  addSourceExcerpt(markup, read, file, line);
  return markup.take();
}

SourceReader textOf(const std::string& text) {
  return [text](const std::string&) { return text; };
}

}  // namespace

TEST_CASE("the line is marked, with the lines around it") {
  const std::string shown =
      excerpt(5, textOf("one\ntwo\nthree\nfour\n\tleak(a<b>);\nsix\nseven\neight\nnine\n"));
  CHECK(holds(shown, "<mark>&gt;     5      leak(a&lt;b&gt;);</mark>"));
  CHECK(holds(shown, "      2  two"));
  CHECK(holds(shown, "      8  eight"));
  CHECK_FALSE(holds(shown, "one"));
  CHECK_FALSE(holds(shown, "nine"));
  CHECK(holds(excerpt(1, textOf("only")), "<mark>&gt;     1  only</mark>"));
}

TEST_CASE("there is no excerpt of a line that is not there") {
  CHECK(excerpt(9, textOf("one\ntwo\n")).empty());
  CHECK(excerpt(0, textOf("one\n")).empty());
  CHECK(excerpt(1, [](const std::string&) { return std::nullopt; }).empty());
  CHECK(excerpt(1, {}).empty());
}

TEST_CASE("only files below the root are read, whatever a report names") {
  const Workspace workspace;
  writeAtomically(workspace.file("project/src/a.cpp"), "int a;\n");
  writeAtomically(workspace.file("secret"), "a key\n");
  std::filesystem::create_symlink(workspace.file("secret"), workspace.file("project/link.cpp"));
  const SourceReader read = sourcesBelow(workspace.file("project"));
  CHECK(read("src/a.cpp") == "int a;\n");
  CHECK(read(workspace.file("project/src/a.cpp").string()) == "int a;\n");
  CHECK_FALSE(read(workspace.file("secret").string()));
  CHECK_FALSE(read("../secret"));
  CHECK_FALSE(read("link.cpp"));
  CHECK_FALSE(read("src"));
  CHECK_FALSE(read("missing.cpp"));
  writeAtomically(workspace.file("project/large.cpp"), std::string(kMaxSourceBytes + 1, 'a'));
  CHECK_FALSE(read("large.cpp"));
}
