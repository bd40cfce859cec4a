#include "h3http/allow_hosts.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"

using namespace h3::test;

namespace {

int statusFor(LocalWorker& worker, const std::string& host) {
  return worker.run("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status();
}

}  // namespace

TEST_CASE("known hosts are served, others are misdirected") {
  h3::App app;
  int handled = 0;
  app.useFast(h3::allowHosts({"Example.org", "api.example.org:8443", "*.apps.example.org", "192.0.2.7",
                              "[2001:db8::7]", "*.dev.example.org:81"}));
  app.get("/", [&handled](h3::Event&) {
    ++handled;
    return "";
  });
  LocalWorker worker(app);
  const struct {
    std::string host;
    int status;
  } rows[] = {
      {"example.org", 200},          {"EXAMPLE.ORG", 200},
      {"example.org:8080", 200},     {"example.org:", 200},
      {"example.org.evil.net", 421}, {"evil.net", 421},
      {"notexample.org", 421},       {"www.example.org", 421},
      {"example.org.", 421},         {"api.example.org:8443", 200},
      {"api.example.org", 421},      {"api.example.org:443", 421},
      {"a.apps.example.org", 200},   {"a.b.apps.example.org:1", 200},
      {"apps.example.org", 421},     {".apps.example.org", 421},
      {"evilapps.example.org", 421}, {"192.0.2.7", 200},
      {"192.0.2.7:80", 200},         {"192.0.2.70", 421},
      {"[2001:db8::7]", 200},        {"[2001:db8::7]:80", 200},
      {"[2001:db8::8]", 421},        {"a.dev.example.org:81", 200},
      {"a.dev.example.org", 421},    {"a.dev.example.org:82", 421},
  };
  int served = 0;
  for (const auto& row : rows) {
    CAPTURE(row.host);
    CHECK(statusFor(worker, row.host) == row.status);
    served += row.status == 200 ? 1 : 0;
  }
  CHECK(handled == served);
  CHECK(worker.run("GET / HTTP/1.0\r\n\r\n").status() == 400);
  CHECK(worker.run("GET http://evil.net/ HTTP/1.1\r\nHost: example.org\r\n\r\n").status() == 421);
  CHECK(worker.run("GET http://example.org/ HTTP/1.1\r\nHost: evil.net\r\n\r\n").status() == 200);
}

TEST_CASE("refusals allocate nothing") {
  h3::App app;
  app.useFast(h3::allowHosts({"example.org"}));
  LocalWorker worker(app);
  const std::string request = "GET /missing HTTP/1.1\r\nHost: a-rather-long-name.evil.net\r\n\r\n";
  for (int i = 0; i < 3; ++i) worker.run(request);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) worker.run(request);
  CHECK(counter.count() == 0);
}

TEST_CASE("hosts that no request can have are refused at construction") {
  CHECK_THROWS_AS(h3::allowHosts({}), std::invalid_argument);
  for (const char* host :
       {"", "https://example.org", "example.org/", "*", "*.", "a.*.org", "exa mple.org",
        "example.org:", "example.org:http", "[::1", "user@example.org", "**.example.org"}) {
    CAPTURE(std::string(host));
    CHECK_THROWS_AS(h3::allowHosts({"example.org", host}), std::invalid_argument);
  }
}
