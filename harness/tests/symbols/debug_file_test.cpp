// Stripped programs, and possible places of their debug files.
#include "symbols/debug_file.hpp"

#include <doctest/doctest.h>
#include <stdio.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "symbols/symbolizer.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kCallLine = 12;  // in probe.c

// A folder with the stripped probe in it.
class Stripped {
 public:
  explicit Stripped(const std::string& options = "") {
    std::string name = fs::temp_directory_path() / "symbols-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = fs::canonical(name);
    program = folder / "probe";
    run(std::string(OBJCOPY) + " --only-keep-debug " + SYMBOLS_PROBE + " " +
        (folder / "probe.debug").string());
    // objcopy wants to see the file that it names and sums up.
    run("cd " + folder.string() + " && " + OBJCOPY + " --strip-all " + options + " " + SYMBOLS_PROBE +
        " probe");
  }
  ~Stripped() { fs::remove_all(folder); }

  static void run(const std::string& command) { REQUIRE(::system(command.c_str()) == 0); }

  void moveDebugFile(const fs::path& to) const {
    fs::create_directories((folder / to).parent_path());
    fs::rename(folder / "probe.debug", folder / to);
  }

  Frame frame() const {
    Symbolizer symbolizer;
    const auto frames = symbolizer.frames({program.string(), address()});
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].module == "probe");
    CHECK(frames[0].offset == address());
    return frames[0];
  }

  fs::path folder;
  fs::path program;

 private:
  static std::uint64_t address() {
    static const std::uint64_t found = [] {
      FILE* output = ::popen(SYMBOLS_PROBE, "r");
      REQUIRE(output != nullptr);
      unsigned long printed = 0;
      CHECK(::fscanf(output, "%lx", &printed) == 1);
      ::pclose(output);
      return printed;
    }();
    return found;
  }
};

void checkNamed(const Frame& frame) {
  CHECK(frame.function == "probe_leak");
  CHECK(fs::path(frame.file).filename() == "probe.c");
  CHECK(frame.line == kCallLine);
}

void checkNameless(const Frame& frame) {
  CHECK(frame.function.empty());
  CHECK(frame.line == 0);
}

const std::string kLink = "--add-gnu-debuglink=probe.debug";
const std::string kNoBuildId = " --remove-section=.note.gnu.build-id";

}  // namespace

TEST_CASE("a stripped program has module and offset") {
  const Stripped stripped;  // probe.debug lies beside it, but nothing says so
  checkNameless(stripped.frame());
}

TEST_CASE("the debuglink's file, beside the program or in .debug") {
  const Stripped beside(kLink);
  checkNamed(beside.frame());
  const Stripped below(kLink);
  below.moveDebugFile(".debug/probe.debug");
  checkNamed(below.frame());
  const Stripped gone(kLink);
  gone.moveDebugFile("elsewhere/probe.debug");
  checkNameless(gone.frame());
}

TEST_CASE("the debug file of the build-id, beside the program") {
  const Stripped stripped;
  const std::string id = buildIdOf(stripped.program.string());
  REQUIRE(id.size() == 40);
  stripped.moveDebugFile(".build-id/" + id.substr(0, 2) + "/" + id.substr(2) + ".debug");
  checkNamed(stripped.frame());
}

TEST_CASE("a debug file of another build is not used") {
  const Stripped stripped(kLink);
  std::ofstream(stripped.folder / "probe.debug", std::ios::trunc) << "not this one";
  checkNameless(stripped.frame());
  const Stripped noBuildId(kLink + kNoBuildId);
  CHECK(buildIdOf(noBuildId.program.string()).empty());
  checkNamed(noBuildId.frame());  // by the checksum
  std::ofstream(noBuildId.folder / "probe.debug", std::ios::app) << "changed";
  checkNameless(noBuildId.frame());
}
