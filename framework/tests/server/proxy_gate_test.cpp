// PROXY headers in front of connections.
#include "server/proxy_gate.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance_app.hpp"
#include "h3http/rate_limit.hpp"
#include "h3http/trusted_proxies.hpp"

using namespace h3;
using namespace h3::test;
using namespace std::string_literals;

namespace {

const std::string kHeader1 = "PROXY TCP4 192.0.2.7 127.0.0.1 56324 443\r\n";
const std::string kHeader2 = "\r\n\r\n\0\r\nQUIT\n\x21\x21\x00\x24"s + "\x20\x01\x0D\xB8"s +
                             std::string(11, '\0') + "\x07"s + std::string(15, '\0') +
                             "\x01\xDC\x04\x01\xBB"s;
const std::string kLocal = "\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00"s;
const std::string kUnix = "\r\n\r\n\0\r\nQUIT\n\x21\x31\x00\xD8"s + std::string(216, 'p');

Config behind(std::vector<std::string> peers) {
  Config config = Config::testing();
  config.proxyProtocol.peers = std::move(peers);
  return config;
}

// GET /who: the client's address, and the peer's.
struct Who {
  App app;

  Who() {
    app.get("/who", [](Event& event) {
      return std::string(event.clientAddress()).append(" ").append(peerAddress(event));
    });
  }
};

const std::string kWho = requestText("GET", "/who");

std::uint64_t total(ServedApp& server, Metric metric) { return server.server().monitor().total(metric); }

bool isClosedWithout(std::uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.receiveAll().empty();
}

}  // namespace

TEST_CASE("the client of a PROXY header is the connection's, for all its requests") {
  Who who;
  ServedApp server(who.app, behind({"127.0.0.0/8"}));
  for (const auto& row :
       std::vector<std::pair<std::string, std::string>>{{kHeader1, "192.0.2.7 192.0.2.7"},
                                                        {kHeader2, "2001:db8::7 2001:db8::7"},
                                                        {kUnix, "unix unix"},
                                                        {kLocal, "127.0.0.1 127.0.0.1"},
                                                        {"PROXY UNKNOWN\r\n", "127.0.0.1 127.0.0.1"}}) {
    const std::string& address = row.second;
    CAPTURE(address);
    RawClient client(server.port());
    CHECK(client.request(row.first + kWho).body == address);
    CHECK(client.request(kWho).body == address);
  }
}

TEST_CASE("a header may arrive in two parts, cut anywhere, and with the request behind it") {
  Who who;
  ServedApp server(who.app, behind({"127.0.0.1"}));
  for (const auto& [header, address] : std::vector<std::pair<std::string, std::string>>{
           {kHeader1, "192.0.2.7 192.0.2.7"}, {kHeader2, "2001:db8::7 2001:db8::7"}}) {
    const std::string bytes = header + kWho;
    for (std::size_t at = 1; at < header.size() + 3; ++at) {
      CAPTURE(at);
      RawClient client(server.port());
      client.send(bytes.substr(0, at));
      RawClient other(server.port());  // accepted later: by then the first part has been looked at
      CHECK(other.request(kLocal + kWho).status == 200);
      CHECK(client.request(bytes.substr(at)).body == address);
    }
  }
}

TEST_CASE("byte for byte") {
  Who who;
  ServedApp server(who.app, behind({"127.0.0.1"}));
  RawClient client(server.port());
  for (const char byte : kHeader2 + kWho) client.send({&byte, 1});
  CHECK(client.receiveResponse().body == "2001:db8::7 2001:db8::7");
}

TEST_CASE("a malformed header, or none, closes the connection without a byte, and is counted") {
  Who who;
  ServedApp server(who.app, behind({"127.0.0.1"}));
  CHECK(isClosedWithout(server.port(), kWho));
  CHECK(isClosedWithout(server.port(), "PROXY TCP4 192.0.2.7 127.0.0.1 56324\r\n" + kWho));
  CHECK(isClosedWithout(server.port(), kHeader2.substr(0, 12) + "\x21\x21\xFF\xFF"s + kWho));
  CHECK(total(server, Metric::proxyHeadersMalformed) == 3);
  {
    RawClient client(server.port());
    client.send("PROXY TC");
    client.finishSending();
    CHECK(client.receiveAll().empty());
  }
  CHECK(total(server, Metric::proxyHeadersMalformed) == 4);
  {
    RawClient client(server.port());  // as a check of the port does
    client.finishSending();
    CHECK(client.receiveAll().empty());
  }
  CHECK(total(server, Metric::proxyHeadersMalformed) == 4);
  CHECK(total(server, Metric::connectionsAccepted) == 0);
  CHECK(server.exchange(kHeader1 + kWho).status == 200);
}

TEST_CASE("another peer is closed, whatever it sends") {
  Who who;
  ServedApp server(who.app, behind({"192.0.2.0/24"}));
  CHECK(isClosedWithout(server.port(), kHeader1 + kWho));
  CHECK(isClosedWithout(server.port(), kWho));
  CHECK(total(server, Metric::proxyPeersRefused) == 2);
}

TEST_CASE("only the sockets whose peers are listed expect headers") {
  Who who;
  Config config = behind({"unix"});
  config.unixPath = "/tmp/h3-proxy-gate-" + std::to_string(::getpid());
  ServedApp server(who.app, config);
  CHECK(server.get("/who").body == "127.0.0.1 127.0.0.1");
  RawClient client(config.unixPath);
  CHECK(client.request(kHeader1 + kWho).body == "192.0.2.7 192.0.2.7");
  RawClient local(config.unixPath);
  CHECK(local.request(kLocal + kWho).body == "unix unix");
  RawClient plain(config.unixPath);
  plain.send(kWho);
  CHECK(plain.receiveAll().empty());
}

TEST_CASE("a header that does not come is waited for so long, and no longer") {
  Who who;
  Config config = behind({"127.0.0.1"});
  config.proxyProtocol.headerMs = 50;
  ServedApp server(who.app, config);
  RawClient silent(server.port());
  RawClient begun(server.port());
  begun.send(kHeader1.substr(0, 20));
  CHECK(silent.receiveAll().empty());
  CHECK(begun.receiveAll().empty());
  CHECK(total(server, Metric::connectionsTimedOut) == 2);
  CHECK(server.exchange(kHeader1 + kWho).status == 200);
}

TEST_CASE("limits of connections count the client, not the proxy") {
  Who who;
  Config config = behind({"127.0.0.1"});
  config.limits.connectionsPerAddress = 2;
  config.limits.connections = 4;
  config.proxyProtocol.headerMs = 60'000;
  ServedApp server(who.app, config);
  RawClient first(server.port());
  RawClient second(server.port());
  CHECK(first.request(kHeader1 + kWho).status == 200);
  CHECK(second.request(kHeader1 + kWho).status == 200);
  RawClient third(server.port());
  CHECK(third.request(kHeader1 + kWho).status == 503);
  RawClient other(server.port());
  CHECK(other.request(kHeader2 + kWho).status == 200);
  RawClient waiting(server.port());  // for its header: it is a connection, too
  waiting.send("PROXY");
  REQUIRE(eventually([&] { return RawClient(server.port()).receiveAll().starts_with("HTTP/1.1 503"); }));
  waiting.send(" UNKNOWN\r\n" + kWho);
  CHECK(waiting.receiveResponse().status == 200);
  second.close();
  REQUIRE(eventually([&] { return RawClient(server.port()).request(kHeader1 + kWho).status == 200; }));
}

TEST_CASE("rate limits and forwarded fields begin at the client") {
  Who who;
  who.app.get("/limited", [](Event&) { return std::string("in"); }).useFast(rateLimit({.rule = {1, 60}}));
  who.app.useFast(trustProxies({.networks = {"192.0.2.0/24"}}));
  ServedApp server(who.app, behind({"127.0.0.1"}));
  CHECK(server.exchange(kHeader1 + requestText("GET", "/limited")).status == 200);
  CHECK(server.exchange(kHeader1 + requestText("GET", "/limited")).status == 429);
  CHECK(server.exchange(kHeader2 + requestText("GET", "/limited")).status == 200);
  const std::string forwarded = requestText("GET", "/who", "X-Forwarded-For: 198.51.100.9\r\n");
  CHECK(server.exchange(kHeader1 + forwarded).body == "198.51.100.9 192.0.2.7");
  CHECK(server.exchange(kHeader2 + forwarded).body == "2001:db8::7 2001:db8::7");
}

TEST_CASE("a drain closes what waits for its header") {
  Who who;
  ServedApp server(who.app, behind({"127.0.0.1"}));
  RawClient waiting(server.port());
  waiting.send("PROXY");
  RawClient client(server.port());
  CHECK(client.request(kHeader1 + kWho).status == 200);
  server.server().drain();
  CHECK(waiting.receiveAll().empty());
  CHECK(server.server().join());
}

TEST_CASE("sockets that wait when the server is destroyed are closed") {
  Who who;
  std::optional<RawClient> left;
  {
    ServedApp server(who.app, behind({"127.0.0.1"}));
    left.emplace(server.port());
    left->send("PROXY");
    CHECK(server.exchange(kHeader1 + kWho).status == 200);
  }
  CHECK(left->receiveAll().empty());
}
