#include "replay/port_owners.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <optional>

#include "replay/descriptor.hpp"
#include "replay/loopback.hpp"
#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

struct Listener {
  Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port = 0;
  Listener() {
    sockaddr_in address = loopbackAddress(0);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket.get(), generic, length) == 0);
    REQUIRE(::listen(socket.get(), 8) == 0);
    REQUIRE(::getsockname(socket.get(), generic, &length) == 0);
    port = ntohs(address.sin_port);
  }
};

const PortOwner* find(const std::vector<PortOwner>& owners, pid_t pid) {
  const auto found =
      std::find_if(owners.begin(), owners.end(), [&](const PortOwner& owner) { return owner.pid == pid; });
  return found == owners.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("who listens on a port, and who holds its connections") {
  const Listener listener;
  auto owners = ownersOfPort(listener.port);
  REQUIRE(owners.size() == 1);
  CHECK(owners[0].pid == ::getpid());
  CHECK(owners[0].listens);
  CHECK_FALSE(owners[0].serves);

  // The other end of a connection, here in the same process, is no socket of that port.
  const Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopbackAddress(listener.port);
  REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  Descriptor accepted(::accept(listener.socket.get(), nullptr, nullptr));
  owners = ownersOfPort(listener.port);
  REQUIRE(owners.size() == 1);
  CHECK(owners[0].serves);

  const pid_t worker = ::fork();
  if (worker == 0) {
    for (;;) ::pause();
  }
  accepted.reset();                                          // the worker has it
  CHECK(ownersOfPort(listener.port, {worker}).size() == 1);  // it has inherited the listener, too
  owners = ownersOfPort(listener.port, {::getpid()});
  CHECK(owners.size() == 2);
  REQUIRE(find(owners, worker) != nullptr);
  CHECK(find(owners, worker)->serves);
  CHECK_FALSE(find(owners, ::getpid())->serves);
  ::kill(worker, SIGKILL);
  ::waitpid(worker, nullptr, 0);
  CHECK(ownersOfPort(static_cast<std::uint16_t>(ntohs(loopbackAddress(1).sin_port))).empty());
}

TEST_CASE("a listening socket whose process hides its descriptors") {
  if (::geteuid() != 0) return;  // only root can become another user
  const Listener listener;
  const pid_t looker = ::fork();
  if (looker == 0) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
    ::close(listener.socket.get());
    const auto owners = ownersOfPort(listener.port, {::getppid()});
    ::_exit(owners.size() == 1 && owners[0].pid == 0 && owners[0].listens ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(looker, &status, 0) == looker);
  CHECK(status == 0);
}

TEST_CASE("a process that has a file mapped") {
  const TemporaryDirectory folder;
  const auto file = std::filesystem::canonical(folder.path()) / "control";
  std::ofstream(file) << std::string(4096, 'x');
  CHECK(mapsFile(::getpid(), file) == std::optional(false));
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  void* page = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, descriptor.get(), 0);
  REQUIRE(page != MAP_FAILED);
  CHECK(mapsFile(::getpid(), file) == std::optional(true));
  ::munmap(page, 4096);
}

TEST_CASE("why a process is not counted") {
  const pid_t child = ::fork();
  if (child == 0) {
    char name[] = "sleep";
    char time[] = "100";
    char* const arguments[] = {name, time, nullptr};
    char* const environment[] = {nullptr};
    ::execve("/bin/sleep", arguments, environment);
    ::_exit(127);
  }
  for (int k = 0; k < 30'000 && std::filesystem::read_symlink("/proc/" + std::to_string(child) + "/exe") ==
                                    std::filesystem::read_symlink("/proc/self/exe");
       ++k) {
    ::usleep(1000);
  }
  CHECK(whyNotPreloaded(child).find("cleared environment") != std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}
