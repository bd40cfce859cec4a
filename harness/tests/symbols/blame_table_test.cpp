// blame.cpp, owner.cpp, symbolizer.cpp, debug_module.cpp, unit_functions.cpp and die_names.cpp.
// Each kind of leak, compiled in each way that people compile: the blamed line must be the one that says so
// in its source, and the frames those that addr2line and llvm-symbolizer print.
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <set>
#include <span>

#include "blame_program.hpp"
#include "symbols/blame.hpp"
#include "symbols/function_name.hpp"
#include "symbols/symbolizer.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

const BlameTools kTools{BLAME_GCC, BLAME_CLANG, BLAME_SYMBOLIZER, BLAME_ADDR2LINE};
const fs::path kSource = fs::path(BLAME_SOURCES) / "kinds.cpp";
constexpr std::uint64_t kManyBlocks = 50;  ///< a leak: what a run keeps besides is less

enum class Reference { addr2line, symbolizer };

struct Row {
  bool clang;
  const char* flags;
  Reference reference;  ///< addr2line does not read split or LTO's debug information
};

const Row kRows[] = {
    {false, "-O0 -g", Reference::addr2line},
    {false, "-O1 -g -gdwarf-4", Reference::addr2line},
    {false, "-O2 -g", Reference::addr2line},
    {false, "-O2 -g1", Reference::addr2line},
    {false, "-O3 -g3 -gdwarf-5", Reference::symbolizer},
    {false, "-O2 -g -gz", Reference::addr2line},
    {false, "-O2 -g -gsplit-dwarf", Reference::symbolizer},
    {false, "-O2 -g -gsplit-dwarf -gdwarf-4", Reference::symbolizer},
    {false, "-O2 -g -flto=1", Reference::symbolizer},
    {false, "-Os -g -fdebug-types-section", Reference::symbolizer},
    {true, "-O0 -g", Reference::symbolizer},
    {true, "-O2 -g", Reference::symbolizer},
    {true, "-O3 -g3 -gdwarf-4 -gz", Reference::symbolizer},
    {true, "-O2 -gline-tables-only", Reference::symbolizer},
    {true, "-O2 -g -gsplit-dwarf", Reference::symbolizer},
    {true, "-O2 -g -flto -fuse-ld=lld", Reference::symbolizer},
};

bool hasTypes(const Row& row) {
  const std::string flags = row.flags;
  return flags.find("-g1") == std::string::npos && flags.find("line-tables-only") == std::string::npos;
}

const std::string& compilerOf(const Row& row) { return row.clang ? kTools.clang : kTools.gcc; }

// A directory with a program of each row, compiled two at a time.
class Programs {
 public:
  explicit Programs(std::span<const Row> rows) : rows_(rows) {
    std::string name = fs::temp_directory_path() / "blame-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = fs::canonical(name);
    const std::string library = std::string(BLAME_SOURCES) + "/quiet_library.c";
    REQUIRE(runIn(root_, kTools.gcc + " -x c -O2 -s -shared -fPIC '" + library + "' -o libquiet.so",
                  "quiet.log"));
    const auto half = [this](std::size_t first) {
      for (std::size_t i = first; i < rows_.size(); i += 2) compile(i);
    };
    auto other = std::async(std::launch::async, half, 1);
    half(0);
    other.get();
  }
  ~Programs() { fs::remove_all(root_); }
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  fs::path folderOf(std::size_t row) const { return root_ / std::to_string(row); }

 private:
  void compile(std::size_t number) const {
    const Row& row = rows_[number];
    if (compilerOf(row).empty()) return;
    fs::create_directory(folderOf(number));
    runIn(folderOf(number),
          fmt::format("{} -std=c++20 {} '{}' -o kinds -L.. -lquiet -Wl,-rpath,'$ORIGIN/..'", compilerOf(row),
                      row.flags, kSource.string()),
          "compile.log");
  }

  std::span<const Row> rows_;
  fs::path root_;
};

std::vector<Frame> framesOf(Symbolizer& symbolizer, const CallStack& stack) {
  std::vector<Frame> frames;
  for (const CodeLocation& place : stack.frames) {
    const auto named = symbolizer.frames(place);
    frames.insert(frames.end(), named.begin(), named.end());
  }
  return frames;
}

std::string textOf(const std::vector<Frame>& frames) {
  const std::size_t blamed = frameToBlame(frames);
  std::string text;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    text += fmt::format("\n      {} {} {}:{}{}", i == blamed ? "=>" : "  ", frames[i].function,
                        frames[i].file, frames[i].line, frames[i].inlined ? " (inlined)" : "");
  }
  return text;
}

// The lines of kinds.cpp that are blamed, of all stacks; what is kept in number elsewhere is an error.
std::set<unsigned> blamedLines(const std::vector<KeptStack>& kept, const std::set<unsigned>& marked) {
  Symbolizer symbolizer;
  std::set<unsigned> blamed;
  for (const KeptStack& one : kept) {
    const auto frames = framesOf(symbolizer, one.stack);
    const Frame& frame = frames[frameToBlame(frames)];
    const bool known = frame.file == kSource.string() && marked.count(frame.line) > 0;
    if (known) blamed.insert(frame.line);
    if (known || one.blocks < kManyBlocks) continue;
    FAIL_CHECK(
        fmt::format("{} blocks blamed on {}:{}{}", one.blocks, frame.file, frame.line, textOf(frames)));
  }
  return blamed;
}

std::vector<std::string> shortLines(const std::vector<Frame>& frames) {
  std::vector<std::string> lines;
  for (const Frame& frame : frames) {
    lines.push_back(
        frame.line == 0 ? "?" : fmt::format("{}:{}", fs::path(frame.file).filename().string(), frame.line));
  }
  return lines;
}

// All return addresses of the program, against another project's tool.
std::size_t compareWithTool(const Row& row, const fs::path& program, const std::vector<KeptStack>& kept) {
  const std::string& tool = row.reference == Reference::addr2line ? kTools.addr2line : kTools.symbolizer;
  if (tool.empty()) return 0;
  std::set<std::uint64_t> returns;
  for (const KeptStack& one : kept) {
    for (const CodeLocation& place : one.stack.frames) {
      if (place.module == program.string()) returns.insert(place.offset);
    }
  }
  std::vector<std::uint64_t> calls;
  for (const std::uint64_t address : returns) calls.push_back(address - 1);
  const char* style = row.reference == Reference::addr2line ? "" : "--output-style=GNU";
  const auto wanted =
      framesByTool(fmt::format("'{}' {} -a -f -i -e '{}'", tool, style, program.string()), calls);
  REQUIRE(wanted.size() == calls.size());
  Symbolizer symbolizer;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto frames = symbolizer.frames({program.string(), calls[i] + 1});
    if (wanted[i] == std::vector<std::string>{"?"}) continue;  // start-up code without debug information
    CHECK_MESSAGE(shortLines(frames) == wanted[i], fmt::format("{:#x}:{}", calls[i], textOf(frames)));
  }
  return calls.size();
}

}  // namespace

TEST_CASE("the blamed line, over compilers and flags") {
  const Programs programs(kRows);
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const Row& row = kRows[i];
    const std::string name = fmt::format("{} {}", row.clang ? "clang++" : "g++", row.flags);
    if (compilerOf(row).empty()) {
      MESSAGE("SKIPPED, not installed: " << name);
      continue;
    }
    CAPTURE(name);
    auto marks = markedLines(kSource, "// the leak: ");
    REQUIRE(marks.size() > 15);
    const auto typed = markedLines(kSource, hasTypes(row) ? "// typed: " : "// untyped: ");
    REQUIRE(typed.size() == 1);
    marks.push_back(typed.front());
    std::set<unsigned> marked;
    for (const auto& [line, kind] : marks) marked.insert(line);
    const fs::path program = programs.folderOf(i) / "kinds";
    REQUIRE_MESSAGE(fs::exists(program), "see compile.log: it did not compile");
    const auto kept = keptStacksOf(program);
    const auto blamed = blamedLines(kept, marked);
    for (const auto& [line, kind] : marks)
      CHECK_MESSAGE(blamed.count(line) == 1, fmt::format("{} (line {}) is not blamed", kind, line));
    const std::size_t compared = compareWithTool(row, program, kept);
    fmt::print("{:<42} {:2} of {} lines blamed, {:3} addresses as {}\n", name, blamed.size(), marks.size(),
               compared, row.reference == Reference::addr2line ? "addr2line" : "llvm-symbolizer");
  }
}

TEST_CASE("no function of the program's is passed over where its split debug information is missing") {
  const Row rows[] = {{false, "-O2 -g -gsplit-dwarf", Reference::symbolizer},
                      {false, "-O2 -g -gsplit-dwarf -gdwarf-4", Reference::symbolizer},
                      {true, "-O2 -g -gsplit-dwarf", Reference::symbolizer}};
  const Programs programs(rows);
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    if (compilerOf(rows[i]).empty()) continue;
    CAPTURE(rows[i].flags);
    REQUIRE(fs::exists(programs.folderOf(i) / "kinds"));
    std::vector<fs::path> split;
    for (const auto& entry : fs::directory_iterator(programs.folderOf(i))) {
      if (entry.path().extension() == ".dwo") split.push_back(entry.path());
    }
    REQUIRE(split.size() == 1);
    fs::remove(split.front());
    Symbolizer symbolizer;
    std::size_t named = 0;
    for (const KeptStack& one : keptStacksOf(programs.folderOf(i) / "kinds")) {
      if (one.blocks < kManyBlocks) continue;
      const auto frames = framesOf(symbolizer, one.stack);
      const std::size_t blamed = frameToBlame(frames);
      const auto isOwn = [](const Frame& frame) {
        return frame.module == "kinds" && !frame.function.empty() && !isLibraryName(frame.function);
      };
      const auto first = std::find_if(frames.begin(), frames.end(), isOwn);
      CHECK_MESSAGE(first - frames.begin() == static_cast<std::ptrdiff_t>(blamed), textOf(frames));
      named += frames[blamed].missingFile.empty() ? 0 : 1;
    }
    CHECK(named > 10);
  }
}
