#include "h3http/trusted_proxies.hpp"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

// "client scheme host peer" as a handler sees them. The peer of these requests is 127.0.0.1.
h3::App appBehind(const h3::ProxyTrust& trust) {
  h3::App app;
  app.useFast(h3::trustProxies(trust));
  app.get("/", [](h3::Event& event) {
    std::string seen(event.clientAddress());
    seen.append(" ").append(event.scheme()).append(" ").append(event.host()).append(" ");
    event.sendText(seen.append(h3::peerAddress(event)));
  });
  return app;
}

std::string seenBehind(const h3::ProxyTrust& trust, const std::string& fields) {
  h3::App app = appBehind(trust);
  LocalWorker worker(app);
  return std::string(worker.run(requestText("GET", "/", fields)).responseBody());
}

std::string xForwarded(const std::string& fields) {
  return seenBehind({.networks = {"127.0.0.0/8", "10.0.0.0/8", "fd00::/8"}}, fields);
}

std::string forwarded(const std::string& value) {
  return seenBehind({.networks = {"127.0.0.0/8", "10.0.0.0/8"}, .fields = h3::ForwardedFields::forwarded},
                    "Forwarded: " + value + "\r\n");
}

}  // namespace

TEST_CASE("X-Forwarded: the rightmost address that is not trusted is the client") {
  CHECK(xForwarded("") == "127.0.0.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 192.0.2.1\r\n") == "192.0.2.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.1.1.1\r\n") == "192.0.2.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.1\r\n") ==
        "192.0.2.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 10.1.1.2, 10.1.1.1\r\n") == "10.1.1.2 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 2001:db8::1, [fd00::7]:4711\r\n") == "2001:db8::1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 192.0.2.1:80\r\n") == "192.0.2.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 192.0.2.1, unknown, 10.1.1.1\r\n") == "10.1.1.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: 192.0.2.1, [::1, 10.1.1.1\r\n") == "10.1.1.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-For: localhost\r\n") == "127.0.0.1 http test 127.0.0.1");
}

TEST_CASE("X-Forwarded: scheme and host of the same proxy; a shorter list counts from its left") {
  const std::string chain = "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.1.1.1\r\n";
  CHECK(xForwarded(chain +
                   "X-Forwarded-Proto: http, HTTPS, http\r\nX-Forwarded-Host: a, b.example:81, c\r\n") ==
        "192.0.2.1 https b.example:81 127.0.0.1");
  CHECK(xForwarded(chain + "X-Forwarded-Proto: https\r\n") == "192.0.2.1 https test 127.0.0.1");
  // What the client itself has sent stands left of what the proxy adds.
  CHECK(xForwarded("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https, http\r\n") ==
        "192.0.2.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-Proto: ftp\r\nX-Forwarded-Host: a b\r\n") == "127.0.0.1 http test 127.0.0.1");
  CHECK(xForwarded("X-Forwarded-Proto: https\r\nX-Forwarded-Host: x@y\r\n") ==
        "127.0.0.1 https test 127.0.0.1");
}

TEST_CASE("Forwarded: each element is what one proxy says") {
  CHECK(forwarded("for=192.0.2.1;proto=https;host=a.example") == "192.0.2.1 https a.example 127.0.0.1");
  CHECK(forwarded("For=\"[2001:db8:cafe::17]:4711\" ; Proto=HTTPS") ==
        "2001:db8:cafe::17 https test 127.0.0.1");
  CHECK(forwarded("for=6.6.6.6;host=evil, for=192.0.2.1;host=\"b.example:81\", for=10.0.0.1;proto=https") ==
        "192.0.2.1 http b.example:81 127.0.0.1");
  CHECK(forwarded("for=192.0.2.1, for=_hidden;proto=https, for=10.0.0.1") == "10.0.0.1 http test 127.0.0.1");
  CHECK(forwarded("for=unknown;proto=https") == "127.0.0.1 https test 127.0.0.1");
  CHECK(forwarded("proto=https") == "127.0.0.1 https test 127.0.0.1");
  CHECK(forwarded("for=\"a, for=6.6.6.6\", for=192.0.2.1") == "192.0.2.1 http test 127.0.0.1");
  for (const char* value : {"", "for", "for=", "for=192.0.2.1;for=192.0.2.2", "for=[::1]", "for=\"192.0.2.1",
                            "for = 192.0.2.1", "for=192.0.2.1 proto=https"}) {
    CAPTURE(value);
    CHECK(forwarded(value) == "127.0.0.1 http test 127.0.0.1");
  }
}

TEST_CASE("only the configured fields of trusted peers are read") {
  const std::string lies =
      "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=7.7.7.7\r\nX-Forwarded-Proto: https\r\n";
  CHECK(seenBehind({.networks = {"10.0.0.0/8", "unix"}}, lies) == "127.0.0.1 http test 127.0.0.1");
  CHECK(seenBehind({.networks = {"127.0.0.1"}}, lies) == "6.6.6.6 https test 127.0.0.1");
  CHECK(seenBehind({.networks = {"::ffff:127.0.0.1"}, .fields = h3::ForwardedFields::forwarded}, lies) ==
        "7.7.7.7 http test 127.0.0.1");
}

TEST_CASE("a chain is followed through 32 proxies; the event's next request has its own peer") {
  std::string chain = "X-Forwarded-For: 192.0.2.1";
  for (int i = 0; i < 31; ++i) chain.append(", 10.0.0.1");
  CHECK(xForwarded(chain + "\r\n") == "192.0.2.1 http test 127.0.0.1");
  CHECK(xForwarded(chain + ", 10.0.0.1\r\n") == "10.0.0.1 http test 127.0.0.1");

  h3::App app = appBehind({.networks = {"127.0.0.1"}});
  const ServedApp served(app);
  RawClient client(served.port());
  CHECK(client.request(requestText("GET", "/", "X-Forwarded-For: 192.0.2.1\r\n")).body ==
        "192.0.2.1 http test 127.0.0.1");
  CHECK(client.request(requestText("GET", "/")).body == "127.0.0.1 http test 127.0.0.1");
}

TEST_CASE("a configuration that trusts nothing, or nothing sensible, is refused") {
  CHECK_THROWS_WITH_AS(h3::trustProxies({}),
                       "ProxyTrust::networks: expected the addresses of the proxies, found none",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      h3::trustProxies({.networks = {"10.0.0.1/8"}}),
      "ProxyTrust::networks: expected \"unix\", an address or a network such as 10.0.0.0/8 without "
      "bits behind its prefix, found \"10.0.0.1/8\"",
      std::invalid_argument);
}

TEST_CASE("forwarded requests allocate nothing on the heap") {
  for (const auto fields : {h3::ForwardedFields::xForwarded, h3::ForwardedFields::forwarded}) {
    h3::App app;
    app.useFast(h3::trustProxies({.networks = {"127.0.0.0/8", "fd00::/8"}, .fields = fields}));
    app.get("/", [](h3::Event& event) { event.sendText(event.clientAddress()); });
    LocalWorker worker(app);
    const std::string request =
        requestText("GET", "/",
                    "X-Forwarded-For: 2001:db8::1, fd00::1\r\nX-Forwarded-Proto: https\r\n"
                    "Forwarded: for=\"[2001:db8::1]\";proto=https;host=a.example\r\n");
    for (int i = 0; i < 3; ++i) (void)worker.run(request);
    const AllocationCounter counter;
    for (int i = 0; i < 10; ++i) (void)worker.run(request);
    CHECK(counter.count() == 0);
    CHECK(worker.run(request).responseBody() == "2001:db8::1");
  }
}

TEST_CASE("random fields: the client is the peer, or an address that was sent") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view pieces[] = {"192.0.2.1", "10.0.0.1", "for=", "proto=", "https", "host=", "a",
                                     "\"",        "\\",       ",",    ";",      "[",     "]",     "::1",
                                     ":80",       "=",        " ",    "_x",     "\xFF"};
  for (const auto fields : {h3::ForwardedFields::xForwarded, h3::ForwardedFields::forwarded}) {
    h3::App app = appBehind({.networks = {"127.0.0.1", "10.0.0.0/8"}, .fields = fields});
    LocalWorker worker(app);
    for (int i = 0; i < 10'000; ++i) {
      std::string value;
      for (std::size_t count = random() % 20; count != 0; --count)
        value.append(pieces[random() % std::size(pieces)]);
      CAPTURE(value);
      std::string lines;
      for (const char* name : {"X-Forwarded-For: ", "Forwarded: "})
        lines.append(name).append(value).append("\r\n");
      const h3::Event& event = worker.run(requestText("GET", "/", lines));
      const std::string address(event.clientAddress());
      CHECK((address == "127.0.0.1" || value.find(address) != std::string::npos));
      CHECK(h3::peerAddress(event) == "127.0.0.1");
    }
  }
}
