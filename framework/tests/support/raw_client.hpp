// A blocking client for tests, TCP or unix socket: sends bytes as they are, receives a response or everything
// until the close.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace h3::test {

/// One response as it arrived.
struct RawResponse {
  int status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first field of that name, any case.
  std::optional<std::string> header(std::string_view name) const {
    for (const auto& field : headers)
      if (sameName(field.first, name)) return field.second;
    return std::nullopt;
  }
  std::size_t headerCount(std::string_view name) const {
    const auto same = [name](const auto& field) { return sameName(field.first, name); };
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), same));
  }

 private:
  static bool sameName(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
  }
};

/// A connection to 127.0.0.1, or to a unix socket.
///
/// Errors: std::runtime_error on a refused connection, a deadline (30 s without a byte), or a response that
/// ends early; the message shows what had arrived.
class RawClient {
 public:
  /// `receiveBufferBytes`: how much the kernel takes for a client that does not read; 0 leaves that to the
  /// system.
  explicit RawClient(std::uint16_t port, int receiveBufferBytes = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int one = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receiveBufferBytes != 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, sizeof receiveBufferBytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(address);
  }
  explicit RawClient(const std::string& unixPath)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unixPath.copy(address.sun_path, sizeof address.sun_path - 1);
    connect(address);
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// Sends all of it; a server that has closed is no error here.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {
        reset_ = true;
        return;
      }
      if (sent < 0) fail("send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Ends sending; responses can still arrive.
  void finishSending() { ::shutdown(socket_, SHUT_WR); }

  /// Everything that arrives until the server closes.
  std::string receiveAll() {
    while (receiveMore()) {
    }
    return std::exchange(pending_, {});
  }

  /// More than `bytes`, or everything that arrives until the server closes.
  std::string receiveUntil(std::size_t bytes) {
    while (pending_.size() <= bytes && receiveMore()) {
    }
    return std::exchange(pending_, {});
  }

  /// The next response. 1xx, 204 and 304 have no body, and neither has a response to HEAD.
  RawResponse receiveResponse(bool toHead = false) {
    std::size_t headBytes = 0;
    while ((headBytes = pending_.find("\r\n\r\n")) == std::string::npos)
      if (!receiveMore())
        throw std::runtime_error("the connection closed before a response, after: \"" + pending_ + '"');
    RawResponse response = parseHead(std::string_view(pending_).substr(0, headBytes));
    pending_.erase(0, headBytes + 4);
    const bool bodiless = toHead || response.status < 200 || response.status == 204 || response.status == 304;
    if (bodiless) return response;
    const auto length = response.header("Content-Length");
    if (!length) {
      response.body = receiveAll();
      return response;
    }
    const std::size_t bodyBytes = std::stoull(*length);
    while (pending_.size() < bodyBytes)
      if (!receiveMore()) throw std::runtime_error("the connection closed within a body");
    response.body = pending_.substr(0, bodyBytes);
    pending_.erase(0, bodyBytes);
    return response;
  }

  /// Whether nothing has arrived that receiveResponse() has not given out, and the server has closed.
  bool closedByServer() { return pending_.empty() && !receiveMore(); }
  /// The end came as a reset: bytes of ours were never read, and a response may have been lost.
  bool wasReset() const { return reset_; }

  RawResponse request(std::string_view bytes, bool toHead = false) {
    send(bytes);
    return receiveResponse(toHead);
  }

  /// `reset`: by RST instead of FIN.
  void close(bool reset = false) {
    if (socket_ < 0) return;
    const linger hard{1, 0};
    if (reset) ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    ::close(std::exchange(socket_, -1));
  }

  int socket() const { return socket_; }

 private:
  template <class Address>
  void connect(const Address& address) {
    const timeval deadline{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
    const int error = errno;
    close();
    errno = error;
    fail("connect");
  }

  [[noreturn]] static void fail(const char* what) {
    throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  }

  // False at the end, a reset included.
  bool receiveMore() {
    char bytes[16 * 1024];
    ssize_t got = 0;
    do got = ::recv(socket_, bytes, sizeof bytes, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno == ECONNRESET) {
      reset_ = true;
      return false;
    }
    if (got < 0) throw std::runtime_error("no byte for 30 s, after: \"" + pending_ + '"');
    pending_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }

  static RawResponse parseHead(std::string_view head) {
    RawResponse response;
    const std::size_t lineEnd = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, lineEnd);
    if (!line.starts_with("HTTP/1.") || line.size() < 12)
      throw std::runtime_error("no status line: \"" + std::string(head) + '"');
    std::from_chars(line.data() + 9, line.data() + 12, response.status);
    if (line.size() > 13) response.reason = line.substr(13);
    head.remove_prefix(std::min(lineEnd + 2, head.size()));
    while (!head.empty()) {
      const std::size_t end = std::min(head.find("\r\n"), head.size());
      const std::string_view field = head.substr(0, end);
      const std::size_t colon = field.find(": ");
      if (colon == std::string_view::npos)
        throw std::runtime_error("no field: \"" + std::string(field) + '"');
      response.headers.emplace_back(field.substr(0, colon), field.substr(colon + 2));
      head.remove_prefix(std::min(end + 2, head.size()));
    }
    return response;
  }

  int socket_;
  std::string pending_;
  bool reset_ = false;
};

}  // namespace h3::test
