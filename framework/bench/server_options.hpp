// The command line that every server of the benchmark takes: --port N [--unix PATH] [--threads N].
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace bench {

struct ServerOptions {
  std::uint16_t port = 8080;
  std::string unixPath;  ///< instead of the port
  unsigned threads = 1;
  unsigned routes = 0;  ///< beside the usual ones; only some servers look at it
};

/// Ends the program with 2 when the command line is wrong.
inline ServerOptions readServerOptions(int argc, char** argv) {
  ServerOptions options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(std::strtoul(value, nullptr, 10));
    } else if (name == "--unix") {
      options.unixPath = value;
    } else if (name == "--threads") {
      options.threads = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    } else if (name == "--routes") {
      options.routes = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    } else {
      std::fprintf(stderr, "%s: unknown option %s; there are --port, --unix, --threads, --routes\n", argv[0],
                   argv[i]);
      std::exit(2);
    }
  }
  return options;
}

}  // namespace bench
