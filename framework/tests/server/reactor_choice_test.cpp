#include "server/reactor_choice.hpp"

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <functional>
#include <string>
#include <thread>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

// As in a container whose profile forbids it: io_uring_setup() fails with `error`.
void withoutIoUring(unsigned error, const std::function<void()>& test) {
  std::thread([&] {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),  // the system call's number
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{4, program};
    REQUIRE(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
    test();
  }).join();
}

Config onReactor(ReactorKind kind) {
  Config config = Config::testing();
  config.reactor = kind;
  return config;
}

}  // namespace

TEST_CASE("the one that was asked for is in use") {
  ConformanceApp served;
  const ServedApp epoll(served.app, onReactor(ReactorKind::epoll));
  for (const ReactorKind kind : {ReactorKind::automatic, ReactorKind::epoll, ReactorKind::ioUring})
    CHECK((reactorKind(nameOf(kind)) == kind));
  CHECK_THROWS_AS(reactorKind("kqueue"), ConfigError);
  Server chosen(served.app, onTestedReactor(Config::testing()));
  CHECK((chosen.reactor() != ReactorKind::automatic));
  if (testedReactor() != ReactorKind::automatic) CHECK((chosen.reactor() == testedReactor()));
  CHECK(epoll.get("/").body == "hello");
}

TEST_CASE("where io_uring is forbidden, automatic serves all the same, and naming it fails at the start") {
  for (const unsigned error : {EPERM, ENOSYS}) {
    withoutIoUring(error, [error] {
      ConformanceApp served;
      CHECK((server::chooseReactor(ReactorKind::automatic, ReactorKind::ioUring) == ReactorKind::epoll));
      Server automatic(served.app, onReactor(ReactorKind::automatic));
      CHECK((automatic.reactor() == ReactorKind::epoll));
      automatic.start();
      CHECK(RawClient(automatic.port()).request(requestText("GET", "/")).body == "hello");
      try {
        const Server wanted(served.app, onReactor(ReactorKind::ioUring));
        FAIL("no error");
      } catch (const boost::system::system_error& failure) {
        CHECK(failure.code().value() == static_cast<int>(error));
        CHECK(std::string(failure.what()).find("io_uring") != std::string::npos);
      }
    });
  }
}
