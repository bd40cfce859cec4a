#include "trigger/varied_step.hpp"

#include <doctest/doctest.h>

#include "scenario/check.hpp"
#include "scenario/request_stream.hpp"

using namespace leakgate;

namespace {

Scenario sample() {
  Scenario scenario;
  scenario.name = "sample";
  scenario.target.command = {"server", "{port}"};
  scenario.load.connections = 4;
  scenario.budgets["live_bytes_per_request"] = Budget{0, 0};
  Step get;
  get.name = "get";
  get.path = "/a?b=1";
  Step post;
  post.name = "post";
  post.method = "POST";
  post.path = "/a";
  post.headers = {{"Content-Type", "text/plain"}};
  post.body = "0123456789";
  Step leave = post;
  leave.name = "leave";
  leave.abort = AbortPoint::afterHeaders;
  leave.expect.reset();
  Step raw;
  raw.name = "raw";
  raw.raw = "x\r\n\r\n";
  scenario.steps = {get, post, leave, raw};
  checkScenario(scenario);
  return scenario;
}

std::string bytesOf(const Scenario& scenario) {
  std::string bytes;
  RequestStream(scenario, "h").render(0, bytes);
  return bytes;
}

// What is sent of step `k` with the variation; "-" when there is none.
std::string sent(std::size_t k, Variation variation) {
  const auto scenario = varied(onlyStep(sample(), k), variation);
  return scenario ? bytesOf(*scenario) : "-";
}

}  // namespace

TEST_CASE("one step alone: any response is accepted, nothing is budgeted") {
  const Scenario alone = onlyStep(sample(), 1);
  CHECK(alone.steps.size() == 1);
  CHECK(alone.steps[0].expect == Expect{});
  CHECK(alone.budgets.empty());
  CHECK_FALSE(onlyStep(sample(), 2).steps[0].expect.has_value());
}

TEST_CASE("each variation changes one thing of what is sent") {
  CHECK(sent(0, Variation::none) == "GET /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(sent(0, Variation::http10) == "GET /a?b=1 HTTP/1.0\r\nHost: h\r\nConnection: close\r\n\r\n");
  CHECK(sent(0, Variation::connectionPerRequest) ==
        "GET /a?b=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  CHECK(sent(0, Variation::missingPath) == "GET /no-such-path-for-leakgate HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(sent(0, Variation::options) == "OPTIONS /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(sent(0, Variation::malformed) == "this is no request\r\n\r\n");
  CHECK(sent(1, Variation::unknownMethod) == "TRACE /a HTTP/1.1\r\nHost: h\r\n\r\n");  // no body, no type
  CHECK(sent(1, Variation::midBody).ends_with("Content-Length: 10\r\n\r\n01234"));
  CHECK(sent(1, Variation::afterHeaders).ends_with("Content-Length: 10\r\n\r\n"));
  CHECK(sent(1, Variation::longerBody).ends_with("0123456789" + std::string(kLongerBodyBytes, ' ')));
  CHECK(sent(2, Variation::whole).ends_with("Connection: close\r\nContent-Length: 10\r\n\r\n0123456789"));
  CHECK(sent(2, Variation::keepAlive).find("Connection:") == std::string::npos);
}

TEST_CASE("a variation that changes nothing, or makes no sense, is none") {
  CHECK(sent(0, Variation::midBody) == "-");       // no body
  CHECK(sent(0, Variation::afterHeaders) == "-");  // the request is whole there
  CHECK(sent(0, Variation::longerBody) == "-");
  CHECK(sent(0, Variation::keepAlive) == "-");  // it is
  CHECK(sent(0, Variation::http11) == "-");
  CHECK(sent(0, Variation::whole) == "-");
  CHECK(sent(0, Variation::get) == "-");
  CHECK(sent(1, Variation::get) == "-");  // it would lose its body
  CHECK(sent(2, Variation::afterHeaders) == "-");
  CHECK(sent(2, Variation::http10) == "-");
  for (const Variation variation : kAllVariations) {
    const bool applies = variation == Variation::none || variation == Variation::malformed ||
                         variation == Variation::oneConnection;
    CAPTURE(toString(variation));
    CHECK((sent(3, variation) == "-") == !applies);  // raw bytes are what they are
  }
}

TEST_CASE("connections: one where there were more, eight where there was one") {
  const Scenario four = onlyStep(sample(), 0);
  CHECK(varied(four, Variation::oneConnection)->load.connections == 1);
  CHECK_FALSE(varied(four, Variation::manyConnections).has_value());
  const Scenario one = *varied(four, Variation::oneConnection);
  CHECK(varied(one, Variation::manyConnections)->load.connections == 8);
}

TEST_CASE("reading slowly, and promptly where it was slow") {
  const Scenario prompt = onlyStep(sample(), 0);
  CHECK_FALSE(varied(prompt, Variation::promptRead).has_value());
  const Scenario slow = *varied(prompt, Variation::slowRead);
  CHECK(slow.steps[0].slowReadMs > 0);
  CHECK(bytesOf(slow) == bytesOf(prompt));
  CHECK(slow.load.connections == prompt.load.connections);
  CHECK_FALSE(varied(slow, Variation::slowRead).has_value());
  const Scenario again = *varied(slow, Variation::promptRead);
  CHECK(again.steps[0] == prompt.steps[0]);
  CHECK_FALSE(again.load.keepAlive);  // a slow reader has its own connection
  CHECK(closesConnection(slow, slow.steps[0]));
  CHECK(varied(slow, Variation::keepAlive)->steps[0].slowReadMs == 0);
  CHECK_FALSE(varied(slow, Variation::connectionPerRequest).has_value());
  CHECK_FALSE(varied(onlyStep(sample(), 2), Variation::slowRead).has_value());  // it leaves
  CHECK_FALSE(varied(*varied(prompt, Variation::head), Variation::slowRead).has_value());
  // Who leaves reads nothing.
  CHECK(varied(slow, Variation::beforeResponse)->steps[0].slowReadMs == 0);
}

TEST_CASE("one thing of the load changes, and the rest stays") {
  Scenario scenario = onlyStep(sample(), 0);
  scenario.load.pipeline = 4;
  const auto load = [&](Variation variation) { return varied(scenario, variation)->load; };
  CHECK(load(Variation::oneConnection).connections == 1);
  CHECK(load(Variation::oneConnection).pipeline == 4);
  CHECK(load(Variation::oneInFlight).connections == 4);
  CHECK(load(Variation::oneInFlight).pipeline == 1);
  CHECK(load(Variation::oneAtATime).connections == 1);
  CHECK(load(Variation::oneAtATime).pipeline == 1);
  CHECK(load(Variation::oneRequest).requestsPerConnection == 1);
  CHECK(load(Variation::oneRequest).keepAlive);
  CHECK(load(Variation::twoRequests).requestsPerConnection == 2);
  CHECK_FALSE(varied(scenario, Variation::pipelined).has_value());
  scenario.load.pipeline = 1;
  CHECK(load(Variation::pipelined).pipeline == kManyInFlight);
  CHECK_FALSE(varied(scenario, Variation::oneInFlight).has_value());
  CHECK_FALSE(varied(onlyStep(sample(), 2), Variation::oneRequest).has_value());  // it leaves each anyway
}
