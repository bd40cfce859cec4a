#include "scenario/request_stream.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

Step makeStep(std::string name, std::string path = "/") {
  Step step;
  step.name = std::move(name);
  step.path = std::move(path);
  return step;
}

Scenario withSteps(std::vector<Step> steps) {
  Scenario scenario;
  scenario.steps = std::move(steps);
  scenario.load.connections = 4;
  return scenario;
}

std::string bytesOf(const Scenario& scenario, std::uint64_t number = 0) {
  std::string out;
  RequestStream(scenario, "h:1").render(number, out);
  return out;
}

std::string firstBytes(const Scenario& scenario, std::uint64_t requests) {
  std::string out;
  const RequestStream stream(scenario, "h:1");
  for (std::uint64_t i = 0; i < requests; ++i) stream.render(i, out);
  return out;
}

}  // namespace

TEST_CASE("what a step does not give is added, what it gives is not doubled") {
  Scenario s = withSteps({makeStep("a", "/x?i={i}")});
  CHECK(bytesOf(s, 8) == "GET /x?i=8 HTTP/1.1\r\nHost: h:1\r\n\r\n");
  s.load.keepAlive = false;
  CHECK(bytesOf(s) == "GET /x?i=0 HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\r\n");
  Step& step = s.steps[0];
  step.headers = {{"HOST", "other"}, {"connection", "upgrade"}, {"x", "{conn}"}};
  CHECK(bytesOf(s, 2) == "GET /x?i=2 HTTP/1.1\r\nHOST: other\r\nconnection: upgrade\r\nx: 2\r\n\r\n");
  s.load.keepAlive = true;
  step = makeStep("b");
  step.method = "POST";
  CHECK(bytesOf(s) == "POST / HTTP/1.1\r\nHost: h:1\r\nContent-Length: 0\r\n\r\n");
  step.body = "u{i}";
  CHECK(bytesOf(s, 100) == "POST / HTTP/1.1\r\nHost: h:1\r\nContent-Length: 4\r\n\r\nu100");
  step.headers = {{"Content-length", "9"}};
  CHECK(bytesOf(s) == "POST / HTTP/1.1\r\nHost: h:1\r\nContent-length: 9\r\n\r\nu0");
  step.headers = {{"Transfer-Encoding", "chunked"}};
  CHECK(bytesOf(s) == "POST / HTTP/1.1\r\nHost: h:1\r\nTransfer-Encoding: chunked\r\n\r\nu0");
  step = makeStep("c");
  step.raw = std::string("\0{i}\xff", 5);
  CHECK(bytesOf(s, 4) == std::string("\0"
                                     "4\xff",
                                     3));
}

TEST_CASE("an aborted request is sent up to its point") {
  Scenario s = withSteps({makeStep("a")});
  Step& step = s.steps[0];
  step.method = "POST";
  step.body = "12345678";
  step.expect.reset();
  const std::string head = "POST / HTTP/1.1\r\nHost: h:1\r\nContent-Length: 8\r\n\r\n";
  const auto sent = [&](AbortPoint point) {
    step.abort = point;
    return bytesOf(s);
  };
  CHECK(sent(AbortPoint::none) == head + "12345678");
  CHECK(sent(AbortPoint::beforeResponse) == head + "12345678");
  CHECK(sent(AbortPoint::midBody) == head + "1234");
  CHECK(sent(AbortPoint::afterHeaders) == head);
  const std::string half = sent(AbortPoint::midHeaders);
  CHECK(head.starts_with(half));
  CHECK(half.size() > head.find("\r\n") + 2);
  CHECK(half.size() < head.size() - 4);
}

TEST_CASE("traits follow from the step") {
  Scenario s = withSteps({makeStep("a")});
  const auto traits = [&] { return RequestStream(s, "h").traits(0); };
  CHECK_FALSE(traits().closes);
  CHECK_FALSE(traits().alone);
  s.steps[0].headers = {{"Connection", "Close"}};
  CHECK(traits().closes);
  s.steps[0].headers.clear();
  s.steps[0].version = "1.0";
  CHECK(traits().closes);
  s.steps[0].headers = {{"Connection", "keep-alive"}};
  CHECK_FALSE(traits().closes);
  s.steps[0].method = "HEAD";
  CHECK(traits().isHead);
  s.steps[0].expect.reset();
  CHECK(traits().leaves);
  CHECK(traits().alone);
  s.steps[0] = makeStep("raw");
  s.steps[0].raw = "HEAD / HTTP/1.1\r\n\r\n";
  CHECK(traits().isHead);
  CHECK(traits().alone);
  CHECK_FALSE(traits().leaves);
}

TEST_CASE("the same seed gives the same bytes, another seed others") {
  Scenario s = withSteps({makeStep("a", "/a/{rand:1000}"), makeStep("b", "/b/{i}")});
  s.steps[1].weight = 3;
  s.load.seed = 7;
  const std::string once = firstBytes(s, 500);
  CHECK(firstBytes(s, 500) == once);
  s.load.seed = 8;
  CHECK(firstBytes(s, 500) != once);
}

TEST_CASE("a weighted mix: every step once, then by weight") {
  Scenario s = withSteps({makeStep("a"), makeStep("b"), makeStep("c")});
  s.steps[0].weight = 1;
  s.steps[1].weight = 2;
  s.steps[2].weight = 7;
  const RequestStream stream(s, "h");
  for (std::uint64_t i = 0; i < 3; ++i) CHECK(stream.stepOf(i) == i);
  int seen[3] = {};
  for (std::uint64_t i = 3; i < 10'003; ++i) ++seen[stream.stepOf(i)];
  CHECK(seen[0] == doctest::Approx(1000).epsilon(0.1));
  CHECK(seen[1] == doctest::Approx(2000).epsilon(0.1));
  CHECK(seen[2] == doctest::Approx(7000).epsilon(0.1));
}

TEST_CASE("a sequence repeats; requests go to the connections in turn") {
  Scenario s = withSteps({makeStep("a"), makeStep("b"), makeStep("c")});
  s.load.order = StepOrder::sequence;
  const RequestStream stream(s, "h");
  for (std::uint64_t i = 0; i < 100; ++i) {
    CHECK(stream.stepOf(i) == i % 3);
    CHECK(stream.connectionOf(i) == i % 4);
  }
}

TEST_CASE("an expected body has the request's own numbers") {
  Scenario s = withSteps({makeStep("a", "/echo/{rand:100000}")});
  s.steps[0].expect = Expect{{200}, "{rand:100000} {i}"};
  const RequestStream stream(s, "h");
  std::string request;
  std::string body;
  stream.render(5, request);
  stream.renderExpectedBody(5, 0, body);
  CHECK(body.size() == stream.expectedBodySize(5, 0));
  CHECK(request.starts_with("GET /echo/" + body.substr(0, body.find(' ')) + " HTTP"));
  CHECK(body.ends_with(" 5"));
}
