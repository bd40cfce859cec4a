// A small server with one leak, whose trigger is its second argument: trigger_target PORT MODE. One thread,
// one poll loop; nothing else allocates once it is warm.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

std::string mode;
volatile std::sig_atomic_t terminated = 0;
void* volatile lost = nullptr;

volatile unsigned leaks = 0;

[[gnu::noinline]] void leakOne(std::size_t bytes) {
  lost = std::malloc(bytes);
  leaks = leaks + 1;
}

[[gnu::noinline]] void enlarge() {
  static char* journal = nullptr;
  static std::size_t size = 0;
  journal = static_cast<char*>(std::realloc(journal, size += 16));
}

struct Client {
  int fd = -1;
  unsigned served = 0;  ///< requests
  std::string input;
};

struct Request {
  std::string_view method, path, version, body, head;
  unsigned number;   ///< on its connection, from 1
  bool isPipelined;  ///< the next has come already
};

void countRequest(const Request& request, int status, int readyAtOnce) {
  static unsigned number = 0;
  ++number;
  if (mode == "step" && request.path == "/leak") leakOne(40);
  if (mode == "every") leakOne(40);
  if (mode == "404" && status == 404) leakOne(40);
  if (mode == "http10" && request.version == "1.0") leakOne(40);
  if (mode == "options" && request.method == "OPTIONS") leakOne(40);
  if (mode == "pipelined" && request.isPipelined) leakOne(40);
  if (mode == "later" && request.number > 1) leakOne(40);
  if (mode == "closing" && request.head.find("Connection: close") != std::string_view::npos) leakOne(40);
  if (mode == "second" && request.number == 2) leakOne(40);
  if (mode == "field" && request.head.find("accept-encoding:") != std::string_view::npos) leakOne(40);
  if (mode == "body" && !request.body.empty()) leakOne(request.body.size());
  if (mode == "concurrent" && readyAtOnce > 1) leakOne(40);
  if (mode == "thread" && request.path == "/spawn") std::thread([] { leakOne(40); }).join();
  if (mode == "realloc" && request.path == "/leak") enlarge();
  if (mode == "rare" && number % 1'000 == 0) leakOne(40);
}

void respond(const Client& client, int status, bool close) {
  const std::string_view text = status == 200   ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                : status == 404 ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
                                : close ? "HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                                        : "";
  [[maybe_unused]] const auto sent = ::send(client.fd, text.data(), text.size(), MSG_NOSIGNAL);
}

std::size_t lengthOf(std::string_view head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string_view::npos ? 0 : std::strtoul(head.data() + at + 16, nullptr, 10);
}

// True while a whole request was taken from the input; `open` turns false when the connection is to be
// closed.
bool takeRequest(Client& client, int readyAtOnce, bool& open) {
  const std::string_view input = client.input;
  const auto end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  const std::string_view head = input.substr(0, end + 2);
  const auto path = head.find(' ') + 1;
  const auto version = head.find(" HTTP/");
  if (version == std::string_view::npos) {
    if (mode == "malformed") leakOne(40);
    respond(client, 400, true);
    return open = false;
  }
  const std::size_t length = lengthOf(head);
  if (input.size() < end + 4 + length) return false;
  const Request request{head.substr(0, path - 1),
                        head.substr(path, version - path),
                        head.substr(version + 6, 3),
                        input.substr(end + 4, length),
                        head,
                        ++client.served,
                        input.size() > end + 4 + length};
  const bool known = request.path == "/hello" || request.path == "/leak" || request.path == "/spawn" ||
                     request.path == "/health";
  if (request.path != "/health") countRequest(request, known ? 200 : 404, readyAtOnce);
  respond(client, known ? 200 : 404, false);
  open = request.version == "1.1" && head.find("Connection: close") == std::string_view::npos;
  client.input.erase(0, end + 4 + length);
  return open;
}

void closeClient(Client& client) {
  if (mode == "abort" && client.input.find("\r\n\r\n") != std::string::npos) leakOne(40);
  ::close(client.fd);
  client.fd = -1;
  client.input.clear();
}

void receive(Client& client, int readyAtOnce) {
  char bytes[4096];
  const auto got = ::recv(client.fd, bytes, sizeof bytes, 0);
  if (got <= 0) return closeClient(client);
  client.input.append(bytes, static_cast<std::size_t>(got));
  bool open = true;
  while (takeRequest(client, readyAtOnce, open)) {
  }
  if (!open) {
    client.input.clear();
    closeClient(client);
  }
}

// All that wait: clients that leave at once would fill the queue, and the next one waits a second for its
// SYN.
void acceptAll(int listener, std::vector<Client>& clients) {
  for (auto& client : clients) {
    if (client.fd >= 0) continue;
    client.served = 0;
    client.fd = ::accept(listener, nullptr, nullptr);
    if (client.fd < 0) return;
    if (mode == "connection") leakOne(40);
  }
}

void serve(int listener) {
  constexpr std::size_t kClients = 512;
  std::vector<Client> clients(kClients);
  for (auto& client : clients) client.input.reserve(16'384);
  std::vector<pollfd> polled(kClients + 1);
  while (terminated == 0) {
    polled[0] = {listener, POLLIN, 0};
    for (std::size_t k = 0; k < kClients; ++k) polled[k + 1] = {clients[k].fd, POLLIN, 0};
    if (::poll(polled.data(), polled.size(), 50) <= 0) continue;
    int ready = 0;
    for (std::size_t k = 0; k < kClients; ++k) ready += polled[k + 1].revents != 0 ? 1 : 0;
    for (std::size_t k = 0; k < kClients; ++k) {
      if (polled[k + 1].revents != 0) receive(clients[k], ready);
    }
    if (polled[0].revents == 0) continue;
    acceptAll(listener, clients);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  mode = argv[2];
  std::signal(SIGTERM, [](int) { terminated = 1; });
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 3;
  ::listen(listener, 1024);
  serve(listener);
  std::printf("leaked %u\n", static_cast<unsigned>(leaks));
  return 0;
}
