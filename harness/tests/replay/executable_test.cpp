#include "replay/executable.hpp"

#include <doctest/doctest.h>
#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenario/input_error.hpp"
#include "shell_server.hpp"

using namespace leakgate;
using namespace leakgate::test;
namespace fs = std::filesystem;

namespace {

// The ELF header of this test, with no program headers: no dynamic linker, as in a static program.
std::string elfWithoutInterpreter(unsigned machine = 0) {
  std::ifstream self("/proc/self/exe", std::ios::binary);
  Elf64_Ehdr header{};
  self.read(reinterpret_cast<char*>(&header), sizeof header);
  header.e_phnum = 0;
  if (machine != 0) header.e_machine = static_cast<Elf64_Half>(machine);
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

}  // namespace

TEST_CASE("programs are found as the shell finds them") {
  CHECK(findExecutable("sh").filename() == "sh");
  CHECK(findExecutable("/bin/sh") == "/bin/sh");
  CHECK_THROWS_WITH_AS(findExecutable("no-such-server-x"),
                       "target.command[0]: found \"no-such-server-x\", which is in no folder of PATH; "
                       "install it, or give its path",
                       InputError);
  CHECK_THROWS_WITH_AS(findExecutable("./missing/h3-demo"),
                       "target.command[0]: found \"./missing/h3-demo\", expected an executable file; build "
                       "it, or correct the path",
                       InputError);
  CHECK_THROWS_AS(findExecutable("/etc/passwd"), InputError);
}

TEST_CASE("programs that cannot take the shim are refused") {
  const TemporaryDirectory folder;
  const auto refused = [](const fs::path& file) {
    try {
      checkPreloadable(file);
    } catch (const InputError& error) {
      return std::string(error.what());
    } catch (const MeasureError& error) {
      return "measure: " + std::string(error.what());
    }
    return std::string();
  };
  CHECK(refused("/proc/self/exe") == "");
  CHECK(refused(writeExecutable(folder.path() / "script", "#! /bin/sh -e\nexit 0\n")) == "");
  const auto statically = writeExecutable(folder.path() / "static", elfWithoutInterpreter());
  CHECK(refused(statically) ==
        "measure: " + statically.string() +
            ": the shim cannot be loaded into it: it is statically linked; link it dynamically "
            "(without -static)");
  const auto scripted = writeExecutable(folder.path() / "scripted", "#!" + statically.string() + "\n");
  CHECK(refused(scripted).find("static: the shim cannot be loaded into it: it is statically linked") !=
        std::string::npos);
  CHECK(refused(writeExecutable(folder.path() / "other", elfWithoutInterpreter(EM_PPC)))
            .find("another architecture") != std::string::npos);
  CHECK_FALSE(refused(writeExecutable(folder.path() / "text", "hello")).starts_with("measure: "));
  CHECK(
      refused(writeExecutable(folder.path() / "text", "hello")).find("neither an ELF program nor a script") !=
      std::string::npos);
  CHECK(refused(writeExecutable(folder.path() / "gone", "#!/no/such/sh\n")).find("interpreter /no/such/sh") !=
        std::string::npos);
  fs::copy_file("/bin/true", folder.path() / "setuid");
  if (::getuid() == 0 && ::chown((folder.path() / "setuid").c_str(), 12345, 0) == 0) {
    ::chmod((folder.path() / "setuid").c_str(), 04755);
    CHECK(refused(folder.path() / "setuid").starts_with("measure: "));
    CHECK(refused(folder.path() / "setuid").find("setuid or setgid") != std::string::npos);
  }
}
