// peer-pistache: Pistache with one worker thread and its router.
#include <pistache/endpoint.h>
#include <pistache/router.h>

#include <nlohmann/json.hpp>

#include "server_options.hpp"

int main(int argc, char** argv) {
  using namespace Pistache;
  const bench::ServerOptions options = bench::readServerOptions(argc, argv);
  Rest::Router router;
  Rest::Routes::Get(router, "/plaintext", [](const Rest::Request&, Http::ResponseWriter response) {
    response.send(Http::Code::Ok, "Hello, World!", MIME(Text, Plain));
    return Rest::Route::Result::Ok;
  });
  Rest::Routes::Get(router, "/json", [](const Rest::Request&, Http::ResponseWriter response) {
    response.send(Http::Code::Ok, nlohmann::json{{"message", "Hello, World!"}}.dump(),
                  MIME(Application, Json));
    return Rest::Route::Result::Ok;
  });
  Rest::Routes::Get(router, "/users/:id", [](const Rest::Request& request, Http::ResponseWriter response) {
    response.send(Http::Code::Ok, request.param(":id").as<std::string>(), MIME(Text, Plain));
    return Rest::Route::Result::Ok;
  });
  Rest::Routes::Post(router, "/echo", [](const Rest::Request& request, Http::ResponseWriter response) {
    response.send(Http::Code::Ok, request.body(), MIME(Application, OctetStream));
    return Rest::Route::Result::Ok;
  });
  Http::Endpoint server(Address(Ipv4::loopback(), Port(options.port)));
  server.init(Http::Endpoint::options()
                  .threads(static_cast<int>(options.threads))
                  .flags(Tcp::Options::ReuseAddr | Tcp::Options::NoDelay)
                  .backlog(4096)
                  .maxRequestSize(1 << 20)
                  .maxResponseSize(1 << 20));
  server.setHandler(router.handler());
  server.serve();
}
