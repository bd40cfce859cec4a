// bench-h3: H3 with as many routes as asked for and with bodies of up to 16 MiB, for the scaling curves.
#include <string>
#include <string_view>

#include "h3http/h3.hpp"
#include "server_options.hpp"

int main(int argc, char** argv) {
  const bench::ServerOptions options = bench::readServerOptions(argc, argv);
  h3::App app;
  app.get("/plaintext", [](h3::Event& event) { event.sendView("Hello, World!", "text/plain"); });
  app.post("/echo", [](h3::Event& event) { event.sendBytes(event.readBody(), "application/octet-stream"); });
  for (unsigned i = 0; i < options.routes; ++i) {
    const std::string number = std::to_string(i);
    app.get("/route/" + number, [](h3::Event& event) { event.sendView("Hello, World!", "text/plain"); });
  }
  h3::Config config = h3::Config::production();
  config.port = options.port;
  config.unixPath = options.unixPath;
  config.threads = options.threads;
  config.limits.bodyBytes = std::uint64_t{16} * 1024 * 1024;
  config.limits.headerBytes = std::size_t{64} * 1024;
  return h3::serve(app, config);
}
