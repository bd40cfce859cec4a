// A server on loopback that says what a test tells it to, right or wrong.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace h3::test {

/// Serves its connections one after the other, on a thread of its own.
class ScriptedServer {
 public:
  /// One accepted connection.
  class Peer {
   public:
    explicit Peer(int socket) : socket_(socket) {}
    ~Peer() { ::close(socket_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    void send(std::string_view bytes) { (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    /// The next head, "" at the end.
    std::string receiveHead() {
      std::string head;
      char byte = 0;
      while (!head.ends_with("\r\n\r\n")) {
        if (::recv(socket_, &byte, 1, 0) != 1) return {};
        head += byte;
      }
      return head;
    }
    /// Waits until the client has closed.
    void awaitEnd() {
      char bytes[4096];
      while (::recv(socket_, bytes, sizeof bytes, 0) > 0) {
      }
    }

   private:
    int socket_;
  };

  explicit ScriptedServer(std::function<void(Peer&)> serve)
      : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no listening socket");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~ScriptedServer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);  // a client may keep it
    }
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int connections() const { return connections_; }

 private:
  void run() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      ++connections_;
      Peer peer(socket);
      if (!setCurrent(socket)) return;
      serve_(peer);
      setCurrent(-1);
    }
  }

  bool setCurrent(int socket) {
    const std::lock_guard lock(mutex_);
    current_ = socket;
    return !stopping_;
  }

  std::function<void(Peer&)> serve_;
  std::mutex mutex_;
  int current_ = -1;
  bool stopping_ = false;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace h3::test
