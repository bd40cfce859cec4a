// A server that leaks one block of 24 bytes every K-th request, and nothing else: leakgate doctor must find
// it. leakgate-doctor-target --port N --every K (0: never). One thread; ends on SIGTERM.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace {

constexpr std::string_view kResponse = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr nfds_t kMaxPolled = 65;  // the listener and 64 connections

volatile sig_atomic_t gEnd = 0;

struct Client {
  std::array<char, 4096> input;
  size_t length = 0;
};

struct Server {
  std::array<pollfd, kMaxPolled> polled{};
  std::array<Client, kMaxPolled> clients{};
  nfds_t count = 1;
  unsigned long every = 0;
  unsigned long requests = 0;
};

// Volatile, so that the block is not optimised away with its last use.
[[gnu::noinline]] void plantedLeak() {
  [[maybe_unused]] static void* volatile last;
  last = malloc(24);
}

void respond(Server& server, int socket) {
  ++server.requests;
  if (server.every != 0 && server.requests % server.every == 0) plantedLeak();
  if (send(socket, kResponse.data(), kResponse.size(), MSG_NOSIGNAL) < 0)
    return;  // the client has gone: noticed at the next read
}

void drop(Server& server, nfds_t at) {
  close(server.polled[at].fd);
  server.polled[at] = server.polled[--server.count];
  server.clients[at] = server.clients[server.count];
}

// False when the client has gone, or sends a head longer than the buffer.
bool receive(Server& server, nfds_t at) {
  Client& client = server.clients[at];
  const ssize_t got =
      recv(server.polled[at].fd, client.input.data() + client.length, client.input.size() - client.length, 0);
  if (got <= 0) return false;
  client.length += static_cast<size_t>(got);
  std::string_view input(client.input.data(), client.length);
  for (auto end = input.find(kHeadEnd); end != std::string_view::npos; end = input.find(kHeadEnd)) {
    respond(server, server.polled[at].fd);
    input.remove_prefix(end + kHeadEnd.size());
  }
  memmove(client.input.data(), input.data(), input.size());
  client.length = input.size();
  return client.length < client.input.size();
}

void accept(Server& server) {
  const int socket = ::accept(server.polled[0].fd, nullptr, nullptr);
  if (socket < 0) return;
  if (server.count == kMaxPolled) {
    close(socket);
    return;
  }
  server.clients[server.count].length = 0;
  server.polled[server.count++] = {socket, POLLIN, 0};
}

int listenOn(unsigned long port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool listens =
      bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && listen(socket, 64) == 0;
  return listens ? socket : -1;
}

unsigned long numberAfter(int argc, char** argv, const char* name) {
  for (int i = 1; i + 1 < argc; ++i)
    if (strcmp(argv[i], name) == 0) return strtoul(argv[i + 1], nullptr, 10);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  struct sigaction action {};
  action.sa_handler = [](int) { gEnd = 1; };
  sigaction(SIGTERM, &action, nullptr);
  static Server server;
  server.every = numberAfter(argc, argv, "--every");
  server.polled[0] = {listenOn(numberAfter(argc, argv, "--port")), POLLIN, 0};
  if (server.polled[0].fd < 0) return 1;
  while (gEnd == 0) {
    if (poll(server.polled.data(), server.count, -1) < 0) continue;
    for (nfds_t at = server.count; at-- > 1;)
      if (server.polled[at].revents != 0 && !receive(server, at)) drop(server, at);
    if (server.polled[0].revents != 0) accept(server);
  }
  return 0;
}
