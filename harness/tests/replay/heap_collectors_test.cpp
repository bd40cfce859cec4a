// The scripts in a real runtime.
#include "replay/heap_collectors.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

const char* const kPython = "/usr/bin/python3";

// A program that runs until the object ends.
class Program {
 public:
  Program(std::vector<std::string> words, const std::map<std::string, std::string>& environment) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
      ::dup2(ends[1], STDOUT_FILENO);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    char ready = 0;
    CHECK(::read(ends[0], &ready, 1) == 1);
    ::close(ends[0]);
  }
  ~Program() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

// The Python heap of a program that leaves 2,000 cycles behind after `setting`.
ManagedHeap heapWithCycles(const std::string& setting) {
  const TemporaryDirectory directory;
  HeapCollectors collectors(directory.path(), false);
  std::map<std::string, std::string> environment;
  collectors.prepare(environment, {});
  const Program program({kPython, "-c",
                         "import gc, time\n" + setting +
                             "\nfor i in range(2000):\n  a = []\n  a.append(a)\n"
                             "print('r', flush=True)\ntime.sleep(60)"},
                        environment);
  return collectors.collect({{program.pid(), {{Runtime::cpython, kPython}}}})[Runtime::cpython];
}

}  // namespace

TEST_CASE("Python's cycles are collected only where the program collects them") {
  if (!std::filesystem::exists(kPython)) return;
  const ManagedHeap collected = heapWithCycles("pass");
  REQUIRE(collected.heaps == 1);
  CHECK(collected.uncollected == 0);
  for (const char* setting : {"gc.disable()", "gc.set_threshold(0)"}) {
    CAPTURE(setting);
    const ManagedHeap kept = heapWithCycles(setting);
    REQUIRE(kept.heaps == 1);
    CHECK(kept.uncollected == 1);
    CHECK(kept.live.blocks >= collected.live.blocks + 2000);
  }
}
