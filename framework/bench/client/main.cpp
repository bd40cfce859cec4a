// bench-client: what wrk cannot do. Requests in lock-step (each sent after the previous response), over unix
// sockets too and with any number of headers, and connections that stay open.
//
//   bench-client lockstep --port P --requests N [--connections C] [--path P] [--headers H] [--body-bytes B]
//                                             [--pause-us U]
//   bench-client held     --port P [--connections C] ...
//
// held sends one request on each connection; then, for each number on standard input, that many requests over
// the same connections.
//
// Prints the seconds that each of these took. Exit codes: 0; 1 the server failed; 2 wrong usage.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "request_text.hpp"
#include "response_length.hpp"
#include "socket.hpp"

namespace {

struct Options {
  std::string_view command;
  bench::Address address;
  bench::RequestKind kind;
  unsigned long requests = 1000;
  unsigned long connections = 1;
  std::chrono::microseconds pause{0};  ///< before each request, so that the server has gone to sleep
};

unsigned long number(std::string_view name, const char* text) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  if (end == text || *end != '\0') throw std::invalid_argument(std::string(name) + ": not a number: " + text);
  return value;
}

void readOption(Options& options, std::string_view name, const char* value) {
  if (name == "--port") {
    options.address.port = static_cast<std::uint16_t>(number(name, value));
  } else if (name == "--unix") {
    options.address.unixPath = value;
  } else if (name == "--path") {
    options.kind.path = value;
  } else if (name == "--headers") {
    options.kind.headers = static_cast<unsigned>(number(name, value));
  } else if (name == "--body-bytes") {
    options.kind.bodyBytes = number(name, value);
  } else if (name == "--requests") {
    options.requests = number(name, value);
  } else if (name == "--connections") {
    options.connections = number(name, value);
  } else if (name == "--pause-us") {
    options.pause = std::chrono::microseconds(number(name, value));
  } else {
    throw std::invalid_argument("unknown option " + std::string(name));
  }
}

Options readOptions(int argc, char** argv) {
  Options options;
  if (argc < 2) throw std::invalid_argument("lockstep or held?");
  options.command = argv[1];
  for (int i = 2; i < argc; i += 2) {
    if (i + 1 == argc) throw std::invalid_argument(std::string(argv[i]) + ": value missing");
    readOption(options, argv[i], argv[i + 1]);
  }
  return options;
}

void readResponse(const bench::Socket& socket, std::string& bytes) {
  bytes.clear();
  std::optional<std::size_t> length;
  while (!(length = bench::responseLength(bytes)) || bytes.size() < *length) socket.receive(bytes);
  if (bytes.size() > *length) throw std::runtime_error("more bytes than one response");
}

/// A request on every connection, then the response on every connection, until all requests are done.
void runLockstep(const std::vector<bench::Socket>& sockets, const std::string& request,
                 unsigned long requests, std::chrono::microseconds pause) {
  std::string response;
  while (requests > 0) {
    if (pause.count() != 0) std::this_thread::sleep_for(pause);
    const std::size_t together = std::min<std::size_t>(requests, sockets.size());
    for (std::size_t i = 0; i < together; ++i) sockets[i].send(request);
    for (std::size_t i = 0; i < together; ++i) readResponse(sockets[i], response);
    requests -= together;
  }
}

template <class Work>
void printSeconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("%.6f\n", elapsed.count());
  std::fflush(stdout);
}

void run(const Options& options) {
  const std::string request = bench::requestText(options.kind);
  const bool held = options.command == "held";
  std::vector<bench::Socket> sockets;
  printSeconds([&] {
    for (unsigned long i = 0; i < options.connections; ++i) sockets.emplace_back(options.address);
    runLockstep(sockets, request, held ? options.connections : options.requests, options.pause);
  });
  unsigned long requests = 0;
  while (held && std::scanf("%lu", &requests) == 1)
    printSeconds([&] { runLockstep(sockets, request, requests, options.pause); });
}

/// Raises the limit of descriptors as far as the system allows.
void raiseDescriptorLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = readOptions(argc, argv);
    if (options.command != "lockstep" && options.command != "held")
      throw std::invalid_argument("lockstep or held?");
    raiseDescriptorLimit();
    run(options);
    return 0;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "bench-client: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-client: %s\n", error.what());
    return 1;
  }
}
