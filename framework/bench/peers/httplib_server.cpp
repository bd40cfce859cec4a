// peer-httplib: cpp-httplib, which gives each connection a thread for as long as it lives.
#include <httplib.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "server_options.hpp"

int main(int argc, char** argv) {
  const bench::ServerOptions options = bench::readServerOptions(argc, argv);
  httplib::Server server;
  // One for each of the 64 connections, and some for the checks before and after.
  server.new_task_queue = [] { return new httplib::ThreadPool(80); };
  server.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
  server.set_tcp_nodelay(true);
  server.set_keep_alive_timeout(60);  // its client is stopped while other servers have their turn
  server.set_read_timeout(60);
  server.set_write_timeout(60);
  server.Get("/plaintext", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("Hello, World!", "text/plain");
  });
  server.Get("/json", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(nlohmann::json{{"message", "Hello, World!"}}.dump(), "application/json");
  });
  server.Get(R"(/users/([^/]+))", [](const httplib::Request& request, httplib::Response& response) {
    response.set_content(request.matches[1], "text/plain");
  });
  server.Post("/echo", [](const httplib::Request& request, httplib::Response& response) {
    response.set_content(request.body, request.get_header_value("Content-Type"));
  });
  return server.listen("127.0.0.1", options.port) ? 0 : 1;
}
