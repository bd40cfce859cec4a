// A small HTTP server for tests: one thread, one poll loop, responses made by a function.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "replay/descriptor.hpp"

namespace leakgate::test {

struct TinyRequest {
  std::string target;
  std::string head;
  std::string body;
};

struct TinyReply {
  std::string bytes;  ///< nothing: no response
  bool close = false;
};

/// "HTTP/1.1 STATUS" with a body and its length.
std::string tinyResponse(int status, const std::string& body, const std::string& fields = "");

class TinyServer {
 public:
  using Handler = std::function<TinyReply(const TinyRequest&)>;

  explicit TinyServer(Handler handler, std::uint16_t port = 0);
  ~TinyServer();
  TinyServer(const TinyServer&) = delete;
  TinyServer& operator=(const TinyServer&) = delete;

  std::uint16_t port() const { return port_; }

  std::atomic<int> accepted{0};
  std::atomic<int> requests{0};
  std::atomic<int> ends{0};    ///< connections that the client ended with FIN
  std::atomic<int> resets{0};  ///< ... with RST
  std::atomic<int> parted{0};  ///< responses that the client's kernel and ours did not take at once
  std::string seen;            ///< all bytes received, when record is set; read it after stop()
  std::atomic<bool> record{false};
  std::atomic<bool> dropAccepted{false};  ///< closes each connection at once

  void stop();

 private:
  struct Connection {
    Descriptor socket;
    std::string input;
  };

  void serve();
  void receive(Connection& connection);
  void respond(Connection& connection);
  void send(int socket, std::string_view bytes);

  Handler handler_;
  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::vector<Connection> connections_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace leakgate::test
