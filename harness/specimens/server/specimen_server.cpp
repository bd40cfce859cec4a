#include "specimen_server.hpp"

#include <sys/signalfd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "worker.hpp"

namespace specimen {
namespace {

struct Options {
  unsigned port = 0;
  unsigned threads = 1;
};

bool readNumber(const char* text, unsigned min, unsigned max, unsigned& number) {
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, number);
  return error == std::errc{} && stop == end && number >= min && number <= max;
}

std::optional<Options> readOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const bool known =
        i + 1 < argc && ((name == "--port" && readNumber(argv[i + 1], 1, 65535, options.port)) ||
                         (name == "--threads" && readNumber(argv[i + 1], 1, 64, options.threads)));
    if (!known) return std::nullopt;
  }
  return options.port == 0 ? std::nullopt : std::optional(options);
}

/// A descriptor that is readable once the process was asked to end. Threads started later inherit the mask.
Descriptor makeStopDescriptor() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Descriptor stop(::signalfd(-1, &signals, SFD_CLOEXEC));
  if (!stop.open()) throw std::system_error(errno, std::generic_category(), "signalfd");
  return stop;
}

void serve(const Options& options, const HandlerFactory& makeHandler) {
  const Descriptor stop = makeStopDescriptor();
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < options.threads; ++i) {
    workers.push_back(
        std::make_unique<Worker>(static_cast<std::uint16_t>(options.port), stop.get(), makeHandler()));
  }
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < options.threads; ++i)
    others.emplace_back([&worker = *workers[i]] { worker.run(); });
  workers.front()->run();
}

}  // namespace

int runServer(int argc, char** argv, const HandlerFactory& makeHandler) {
  const auto options = readOptions(argc, argv);
  if (!options) {
    std::fprintf(stderr, "usage: %s --port 1..65535 [--threads 1..64]\n", argv[0]);
    return 2;
  }
  try {
    serve(*options, makeHandler);
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "%s: port %u: %s\n", argv[0], options->port, error.what());
    return 3;
  }
  return 0;
}

}  // namespace specimen
