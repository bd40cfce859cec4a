// Says how H3 understood each request: for differential testing, beside echo_server.mjs and nginx.
//
//     h3-echo-server SOCKET [epoll|io_uring]
//
// Serves on a unix socket. Each response has the request's body, and its method and target in the field Seen.
#include <exception>
#include <iostream>
#include <string>

#include "h3http/h3.hpp"

namespace {

h3::FastResult echo(h3::Event& event) {
  if (event.method() == h3::Method::connect) return h3::FastResult::next;  // a 405: no target to echo
  event.setHeader("Seen", std::string(event.methodText()).append(" ").append(event.target()));
  event.sendBytes(event.readBody(), "application/octet-stream");
  return h3::FastResult::stop;
}

h3::Config configOf(int argc, char** argv) {
  h3::Config config = h3::Config::testing();
  config.address.clear();
  config.unixPath = argv[1];
  config.reactor = h3::reactorKind(argc == 3 ? argv[2] : "epoll");
  return config;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::cerr << "usage: h3-echo-server SOCKET [epoll|io_uring]\n";
    return 2;
  }
  try {
    h3::App app;
    app.useFast(echo);
    app.on("PROPFIND", "/", [](h3::Event&) {});  // makes it a method that is read
    return h3::serve(app, configOf(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "h3-echo-server: " << error.what() << '\n';
    return 3;
  }
}
