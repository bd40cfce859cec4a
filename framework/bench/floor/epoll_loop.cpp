// floor-epoll: what the kernel charges for a request. An epoll loop that responds to every request head with the
// same bytes and parses nothing; all else is measured against it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "fixed_response.hpp"
#include "server_options.hpp"

namespace {

constexpr int kBacklog = 4096;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int listenTcp(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(socket, kBacklog) != 0) fail("listen");
  return socket;
}

int listenUnix(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ::unlink(path.c_str());
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(socket, kBacklog) != 0) fail("listen");
  return socket;
}

class Loop {
 public:
  explicit Loop(int listener) : listener_(listener) { watch(listener_, EPOLLIN); }

  [[noreturn]] void run() {
    std::array<epoll_event, 512> events;
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        socket == listener_ ? acceptAll() : serve(socket);
      }
    }
  }

 private:
  void watch(int socket, std::uint32_t what) const {
    epoll_event event{};
    event.events = what;
    event.data.fd = socket;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
  }

  void acceptAll() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails, harmlessly, on a unix socket
      if (ends_.size() <= static_cast<std::size_t>(socket))
        ends_.resize(static_cast<std::size_t>(socket) + 1);
      ends_[static_cast<std::size_t>(socket)] = bench::HeadEnds{};
      watch(socket, EPOLLIN | EPOLLRDHUP);  // level-triggered: one receive a wake-up is enough
    }
  }

  void serve(int socket) {
    const ssize_t got = ::recv(socket, input_.data(), input_.size(), 0);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) ::close(socket);
      return;
    }
    const std::size_t requests =
        ends_[static_cast<std::size_t>(socket)].count({input_.data(), static_cast<std::size_t>(got)});
    const std::string_view response = response_.now();
    output_.clear();
    for (std::size_t i = 0; i < requests; ++i) output_.append(response);
    // The clients wait for their responses, so these few bytes always fit into the socket's buffer.
    if (!output_.empty() && ::send(socket, output_.data(), output_.size(), MSG_NOSIGNAL) < 0) ::close(socket);
  }

  int listener_;
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<char, 64 * 1024> input_;
  std::string output_;
  std::vector<bench::HeadEnds> ends_;  ///< by descriptor
  bench::FixedResponse response_;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::ServerOptions options = bench::readServerOptions(argc, argv);
  const auto serve = [&options] {
    Loop(options.unixPath.empty() ? listenTcp(options.port) : listenUnix(options.unixPath)).run();
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < options.threads && options.unixPath.empty(); ++i) others.emplace_back(serve);
  serve();
}
