// A target for runner_test: tiny_target PORT MODE.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <set>
#include <string>

#include "tiny_server.hpp"

using namespace leakgate::test;

namespace {

std::atomic<bool> terminated{false};
std::list<std::string> lost;  // mode "leak": one 100-byte block a request
std::set<std::string> seen;   // mode "once": bodies; the third request is not responded to

TinyReply reply(const TinyRequest& request, const std::string& mode) {
  static int count = 0;
  if (request.target == "/health") return {tinyResponse(mode == "unready" ? 503 : 200, "ok")};
  if (request.target == "/metrics")
    return {tinyResponse(200, R"({"served": )" + std::to_string(count) + "}")};
  if (request.target == "/text") return {tinyResponse(200, "# text", "Content-Type: text/plain\r\n")};
  ++count;
  if (mode == "crash" && count == 20) std::abort();
  if (mode == "silent" && count == 20) return {};
  if (mode == "leak-crash" && count == 100) std::abort();
  if (mode == "once" && count == 3) return {};
  if (mode == "once" && !seen.insert(request.body).second) return {tinyResponse(500, "seen before")};
  if (mode == "leak" || mode == "leak-crash") lost.emplace_back(100, 'x');
  return {tinyResponse(200, request.body)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const std::string mode = argv[2];
  if (mode == "exit") {
    std::fprintf(stderr, "first line\nconfig file missing\n");
    return 3;
  }
  std::signal(SIGTERM, [](int) { terminated = true; });
  if (mode == "stubborn") std::signal(SIGTERM, SIG_IGN);
  TinyServer server([&](const TinyRequest& request) { return reply(request, mode); },
                    static_cast<std::uint16_t>(std::stoi(argv[1])));
  while (!terminated) ::usleep(1000);
  server.stop();
  return 0;
}
