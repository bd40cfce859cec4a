// Every middleware and static_files.cpp: a warm request allocates nothing.
#include <doctest/doctest.h>

#include <string>

#include "../memory/allocation_counter.hpp"
#include "../static_files/static_tree.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/cors.hpp"
#include "h3http/logger.hpp"
#include "h3http/request_id.hpp"
#include "h3http/security_headers.hpp"
#include "h3http/static_files.hpp"
#include "h3http/timing.hpp"

using namespace h3::test;

TEST_CASE("warm requests through all middleware and files allocate nothing on the heap") {
  const StaticTree tree;
  tree.write("middle.bin", std::string(100'000, 'x'));
  tree.write("middle.bin.br", "brotli");
  h3::App app;
  std::size_t logged = 0;
  h3::logger(app, {[&logged](std::string_view line) { logged += line.size(); }});
  for (const h3::LogFormat format : {h3::LogFormat::combined, h3::LogFormat::json})
    h3::logger(app, {.format = format, .file = "/dev/null"});
  h3::timing(app);
  h3::CorsOptions cors;
  cors.origins = {"https://a-rather-long-origin.example.org", "https://b.example.org"};
  cors.credentials = true;
  app.useFast(h3::cors(cors));
  app.useFast(h3::securityHeaders());
  app.useFast(h3::requestId({.trustIncoming = true}));
  app.get("/text", [](h3::Event& event) { event.sendText("text"); });
  app.get("/files/**:path", h3::serveStatic({.root = tree.root()}));
  app.get("/packed/**:path", h3::serveStatic({.root = tree.root(), .precompressed = true}));

  LocalWorker worker(app);
  const std::string origin = "Origin: https://a-rather-long-origin.example.org\r\n";
  const std::string requests[] = {
      requestText("GET", "/text", origin),
      requestText("GET", "/text", "X-Request-Id: given-by-the-client-and-longer-than-a-small-string\r\n"),
      requestText("OPTIONS", "/text", origin + "Access-Control-Request-Method: GET\r\n"),
      requestText("GET", "/missing", origin),
      requestText("GET", "/files/hello.txt"),
      requestText("GET", "/files/bytes.bin", "Range: bytes=100-899\r\n"),
      requestText("GET", "/files/bytes.bin", "Range: bytes=5000-\r\n"),
      requestText("GET", "/files/middle.bin"),
      requestText("GET", "/files/bytes.bin", "Range: bytes=100-199, -10\r\n"),
      requestText("GET", "/files/middle.bin", "Range: bytes=0-39999,50000-99998\r\n"),
      requestText("GET", "/packed/middle.bin", "Accept-Encoding: gzip, br\r\n"),
      requestText("GET", "/packed/bytes.bin", "Accept-Encoding: gzip, br\r\n"),
      requestText("HEAD", "/files/docs/"),
      requestText("GET", "/files/docs?a=1"),
      requestText("GET", "/files/missing"),
      requestText("GET", "/files/%2e%2e/outside.txt"),
      requestText("GET", "/files/hello.txt",
                  "If-None-Match: *\r\nIf-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n"),
  };
  for (const std::string& request : requests) {
    for (int i = 0; i < 3; ++i) (void)worker.run(request);
    const h3::test::AllocationCounter counter;
    for (int i = 0; i < 10; ++i) (void)worker.run(request);
    CAPTURE(request);
    CHECK(counter.count() == 0);
  }
  CHECK(logged > 0);
}
