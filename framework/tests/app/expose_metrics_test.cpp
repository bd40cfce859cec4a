#include "h3http/expose_metrics.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "../monitor/open_metrics_text.hpp"
#include "../support/served_app.hpp"
#include "h3http/monitor.hpp"

using namespace h3::test;

TEST_CASE("a server shows what it has served") {
  h3::App app;
  h3::exposeMetrics(app, "/m", "/m.json");
  app.get("/x", [](h3::Event&) { return "x"; });
  app.get("/broken", [](h3::Event&) -> const char* { throw std::runtime_error("no"); });
  const ServedApp served(app);
  RawClient client(served.port());
  for (const char* target : {"/x", "/x", "/missing", "/broken"})
    (void)client.request(requestText("GET", target));
  (void)served.exchange("bad\r\n\r\n");
  const RawResponse text = client.request(requestText("GET", "/m"));
  CHECK(text.header("Content-Type") == std::string(h3::Monitor::kOpenMetricsType));
  const auto families = parseOpenMetrics(text.body);
  const auto value = [&](const char* name) {
    return families.at(std::string("h3_http_") + name).samples.at(0).second;
  };
  CHECK(value("requests") == 5);
  CHECK(value("responses_2xx") == 2);
  CHECK(value("responses_4xx") == 2);
  CHECK(value("responses_5xx") == 1);
  CHECK(value("requests_refused") == 1);
  CHECK(value("handler_errors") == 1);
  CHECK(value("received_bytes") > 100);
  const RawResponse body = client.request(requestText("GET", "/m.json"));
  CHECK(body.header("Content-Type") == "application/json");
  const nlohmann::json json = nlohmann::json::parse(body.body);
  CHECK(json["http"]["requests"] == 6);
  CHECK(json["event_pool"]["in_use"] == 1);
}

TEST_CASE("either form can be left out") {
  h3::App app;
  h3::exposeMetrics(app, "", "/only.json");
  const ServedApp served(app);
  CHECK(served.get("/metrics").status == 404);
  CHECK(served.get("/only.json").status == 200);
}
