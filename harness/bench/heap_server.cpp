// A small HTTP server that lives off the heap: some four hundred allocations a request, a dozen frames deep,
// from some twenty places. heap_server --port N. One thread a connection.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int kTreeDepth = 5;

struct Node {
  std::string name;
  std::vector<std::unique_ptr<Node>> children;
};

std::unique_ptr<Node> growTree(const std::string& path, int depth) {
  auto node = std::make_unique<Node>();
  node->name = path + "/" + std::to_string(depth) + " and more than a short string holds";
  for (int i = 0; depth > 0 && i < 2; ++i)
    node->children.push_back(growTree(node->name.substr(0, 20), depth - 1));
  return node;
}

std::size_t lengthOf(const Node& node) {
  std::size_t length = node.name.size();
  for (const auto& child : node.children) length += lengthOf(*child);
  return length;
}

std::map<std::string, std::string> readFields(std::string_view head) {
  std::map<std::string, std::string> fields;
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos) fields[std::string(line.substr(0, colon))] = line.substr(colon + 2);
    if (end == std::string_view::npos) break;
    head.remove_prefix(end + 2);
  }
  return fields;
}

std::string respond(const std::string& head) {
  auto fields = readFields(head);
  const auto tree = growTree("request" + fields["Host"], kTreeDepth);
  const std::string body = std::to_string(lengthOf(*tree) + fields.size());
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool sendAll(int connection, const std::string& text) {
  return send(connection, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

void serve(int connection) {
  std::string input;
  char chunk[4096];
  for (;;) {
    const auto end = input.find("\r\n\r\n");
    if (end != std::string::npos) {
      if (!sendAll(connection, respond(input.substr(0, end)))) break;
      input.erase(0, end + 4);
      continue;
    }
    const ssize_t got = recv(connection, chunk, sizeof chunk, 0);
    if (got <= 0) break;
    input.append(chunk, static_cast<std::size_t>(got));
  }
  close(connection);
}

int listenOn(unsigned short port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool good = bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  return good && listen(listener, 64) == 0 ? listener : -1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 || std::strcmp(arguments[1], "--port") != 0) {
    return std::fprintf(stderr, "usage: heap_server --port N\n"), 2;
  }
  const int listener = listenOn(static_cast<unsigned short>(std::atoi(arguments[2])));
  if (listener < 0) return std::perror("listen"), 3;
  for (;;) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection >= 0) std::thread(serve, connection).detach();
  }
}
