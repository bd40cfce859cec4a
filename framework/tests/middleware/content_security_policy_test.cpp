#include "h3http/content_security_policy.hpp"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

// The policy and the nonce that one response had.
std::pair<std::string, std::string> policyOf(LocalWorker& worker,
                                             std::string_view field = "Content-Security-Policy") {
  h3::Event& event = worker.run(requestText("GET", "/"));
  return {std::string(event.responseHeader(field).value_or("")), std::string(event.responseBody())};
}

h3::App pageWith(h3::FastMiddleware policy) {
  h3::App app;
  app.useFast(std::move(policy));
  app.get("/", [](h3::Event& event) { event.sendHtml(h3::cspNonce(event)); });
  return app;
}

}  // namespace

TEST_CASE("each response has a nonce of its own, everywhere in its policy") {
  h3::App app = pageWith(h3::contentSecurityPolicy("script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'"));
  LocalWorker worker(app);
  std::set<std::string> nonces;
  for (int i = 0; i < 100; ++i) {
    const auto [policy, nonce] = policyOf(worker);
    CHECK(nonce.size() == 22);
    CHECK(policy == "script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce + "'");
    nonces.insert(nonce);
  }
  CHECK(nonces.size() == 100);
}

TEST_CASE("the strict policy, one without a nonce, and reports only") {
  h3::App strict = pageWith(h3::contentSecurityPolicy());
  LocalWorker strictWorker(strict);
  const auto [policy, nonce] = policyOf(strictWorker);
  CHECK(policy.find("script-src 'nonce-" + nonce + "' 'strict-dynamic'") != std::string::npos);
  CHECK(policy.find('{') == std::string::npos);
  h3::App fixed = pageWith(h3::contentSecurityPolicy("default-src 'none'"));
  LocalWorker fixedWorker(fixed);
  CHECK((policyOf(fixedWorker) == std::pair<std::string, std::string>("default-src 'none'", "")));
  h3::App reporting = pageWith(h3::contentSecurityPolicy("default-src 'none'", true));
  LocalWorker reportingWorker(reporting);
  CHECK(policyOf(reportingWorker).first.empty());
  CHECK(policyOf(reportingWorker, "Content-Security-Policy-Report-Only").first == "default-src 'none'");
}

TEST_CASE("policies that cannot be sent are refused") {
  for (const char* policy : {"a\r\nb", "script-src 'nonce-{Nonce}'", "{", "script-src }"})
    CHECK_THROWS_AS(h3::contentSecurityPolicy(policy), std::invalid_argument);
}

TEST_CASE("a warm response with a nonce allocates nothing") {
  h3::App app = pageWith(h3::contentSecurityPolicy());
  LocalWorker worker(app);
  const std::string request = requestText("GET", "/");
  for (int i = 0; i < 3; ++i) worker.run(request);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) worker.run(request);
  CHECK(counter.count() == 0);
}
