// The smallest server: `curl http://127.0.0.1:8080/hello/you`
#include <h3http/h3.hpp>

int main() {
  h3::App app;
  app.get("/hello/:name", [](h3::Event& event) { event.sendJson({{"hello", *event.getParam("name")}}); });
  return h3::run(app, h3::Config::production());
}
