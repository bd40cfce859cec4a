#include "region/process_file.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace leakgate;

TEST_CASE("a file of a running process is read whole") {
  CHECK(processFile(::getpid(), "stat").starts_with(std::to_string(::getpid()) + " ("));
  CHECK(processFile(::getpid(), "maps").find("leakgate_region_test") != std::string::npos);
}

TEST_CASE("what cannot be read is empty") {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(processFile(child, "stat").empty());
  CHECK(processFile(::getpid(), "task").empty());  // opens, and then fails to be read
}

TEST_CASE("the state, the parent and the threads of a process") {
  const ProcessStat own = processStat(::getpid());
  CHECK(own.isRunning());
  CHECK(own.parent == ::getppid());
  CHECK(own.threads == threadsOf(::getpid()).size());
  CHECK(own.startTicks > 0);
  CHECK(threadState(::getpid(), ::gettid()) == 'R');

  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t ended{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
  CHECK(processStat(child).state == 'Z');
  CHECK_FALSE(processStat(child).isRunning());
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(processStat(child).state == 'X');
  CHECK(threadState(child, child) == 'X');
  CHECK(threadsOf(child).empty());
}

TEST_CASE("each page that is touched for the first time is a fault") {
  constexpr std::size_t kPages = 64;
  const auto pageBytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* memory =
      ::mmap(nullptr, kPages * pageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  REQUIRE(::madvise(memory, kPages * pageBytes, MADV_NOHUGEPAGE) == 0);
  const std::uint64_t before = processStat(::getpid()).minorFaults;
  for (std::size_t page = 0; page < kPages; ++page) static_cast<volatile char*>(memory)[page * pageBytes] = 1;
  CHECK(processStat(::getpid()).minorFaults >= before + kPages);
  ::munmap(memory, kPages * pageBytes);
}

TEST_CASE("each wait of a thread is a voluntary switch") {
  constexpr std::uint64_t kWaits = 10;
  const ContextSwitches before = contextSwitches(::getpid(), ::gettid());
  for (std::uint64_t i = 0; i < kWaits; ++i) ::poll(nullptr, 0, 1);
  const ContextSwitches after = contextSwitches(::getpid(), ::gettid());
  CHECK(after.voluntary >= before.voluntary + kWaits);
  CHECK(after.involuntary >= before.involuntary);
  CHECK(contextSwitches(::getpid(), 1 << 30) == ContextSwitches{});
}
