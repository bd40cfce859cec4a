#include "replay/system_call_log.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace leakgate;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::vector<SystemCallCount> counted(const std::string& log, std::uint64_t from = 0,
                                     std::uint64_t to = 100 * kSecond) {
  std::istringstream in(log);
  return countSystemCalls(in, from, to);
}

}  // namespace

TEST_CASE("calls are counted by name, the most frequent first, with those that failed") {
  CHECK(
      counted(
          "7  10.000001 read(5, \"\"..., 4096) = 12\n"
          "12345 10.000002 recvfrom(6, 0x7ff, 65536, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)\n"
          "7  10.000003 recvfrom(6, \"\"..., 65536, 0, NULL, NULL) = 40\n"
          "7  10.000004 syscall_0x1ff(0, 0)     = -1 ENOSYS (Function not implemented)\n") ==
      std::vector<SystemCallCount>{{"recvfrom", 2, 1}, {"read", 1, 0}, {"syscall_0x1ff", 1, 1}});
}

TEST_CASE("a call during which another thread went on is one call") {
  CHECK(counted("7 10.000001 epoll_wait(4,  <unfinished ...>\n"
                "8 10.000002 write(1, \"\"..., 2) = 2\n"
                "7 10.000003 <... epoll_wait resumed>[], 64, 100) = -1 EINTR (Interrupted system call)\n") ==
        std::vector<SystemCallCount>{{"epoll_wait", 1, 1}, {"write", 1, 0}});
}

TEST_CASE("only the time between two checkpoints counts") {
  const std::string log =
      "7 9.999999 read(5, \"\"..., 1) = 1\n"
      "7 10.000000 read(5, \"\"..., 1) = 1\n"
      "7 10.500000 close(5) = 0\n"
      "7 11.000000 read(5, \"\"..., 1) = 1\n";
  CHECK(counted(log, 10 * kSecond, 11 * kSecond) ==
        std::vector<SystemCallCount>{{"close", 1, 0}, {"read", 1, 0}});
}

TEST_CASE("what is no system call is skipped") {
  CHECK(counted("7 10.000001 --- SIGTERM {si_signo=SIGTERM} ---\n"
                "7 10.000002 +++ exited with 0 +++\n"
                "strace: Process 8 attached\n"
                "7 10.00\n"
                "\n"
                "7 10.000003 rea")
            .empty());
}
