#include "h3http/problem_details.hpp"

#include <doctest/doctest.h>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

TEST_CASE("problem details: the standard members, then extensions") {
  h3::App app;
  app.get("/short", [](h3::Event& event) { h3::sendProblem(event, {.status = 404}); });
  app.get("/long", [](h3::Event& event) {
    h3::sendProblem(event,
                    {.status = 409,
                     .type = "https://example.org/problems/changed",
                     .title = "The note has changed",
                     .detail = "read \"it\" again",
                     .instance = "/notes/7"},
                    {{"version", 8}});
  });
  app.get("/wrong", [](h3::Event& event) { h3::sendProblem(event, {.status = 200}); });
  LocalWorker worker(app);
  const h3::Event& brief = worker.run(requestText("GET", "/short"));
  CHECK(brief.status() == 404);
  CHECK(brief.responseHeader("Content-Type") == "application/problem+json");
  CHECK(brief.responseBody() == R"({"type":"about:blank","title":"Not Found","status":404})");
  CHECK(worker.run(requestText("GET", "/long")).responseBody() ==
        R"({"type":"https://example.org/problems/changed","title":"The note has changed","status":409,)"
        R"("detail":"read \"it\" again","instance":"/notes/7","version":8})");
  CHECK(worker.run(requestText("GET", "/wrong")).status() == 500);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) (void)worker.run("GET /long HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(counter.count() == 0);
}
