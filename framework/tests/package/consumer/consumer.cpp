// What a user's program needs of the installed package: it compiles, links, and freezes an app.
#include <cstdio>
#include <h3http/async.hpp>
#include <h3http/h3.hpp>
#include <h3http/json.hpp>

int main() {
  h3::App app;
  app.get("/hello/:name", [](h3::Event& event) { event.sendJson({{"hello", *event.getParam("name")}}); });
  app.get("/value", [](h3::Event&) { return nlohmann::json{{"answer", 42}}; });
  app.get("/later", [](h3::Event&) -> boost::asio::awaitable<std::string> { co_return "later"; });
  h3::Config config = h3::Config::testing();
  config.port = 0;
  const h3::Server server(app, config);
  std::puts("the installed package works");
}
