#include "session/request_binding.hpp"

#include <doctest/doctest.h>

#include <string>

#include "h3http/app.hpp"
#include "monitor/monitor_state.hpp"

using namespace h3;
using session::RequestBinding;

namespace {

const std::string kRequest = "POST /a%62/x?q=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";

struct Bound final : EventHost {
  Config config = Config::testing();
  App app;
  Monitor monitor;
  session::SessionContext context{config, Dispatcher::of(app), monitor,
                                  MonitorState::of(monitor).addWorker()};
  protocol::RequestReader reader{context.limits};
  int completions = 0;
  RequestBinding binding{context, *this};

  Bound() { binding.setClientAddress("192.0.2.1"); }
  protocol::RequestReader::Outcome read(std::string& bytes) {
    EventState& state = binding.prepare(bytes.data());
    reader.begin(state.head);
    return reader.read(bytes.data(), bytes.size());
  }
  void onHandlerDone(Event&) override { ++completions; }
  void onBodyWanted(Event&) override {}
  bool onWritten(Event&, std::string_view) override { return true; }
  void onInterim(Event&, std::string_view) override {}
  std::size_t eventsInUse() const { return context.services.events.stats().inUse; }
};

}  // namespace

TEST_CASE("one event is held from prepare() to release()") {
  Bound bound;
  std::string bytes = kRequest;
  CHECK_FALSE(bound.binding.hasEvent());
  CHECK(bound.eventsInUse() == 0);
  EventState& state = bound.binding.prepare(bytes.data());
  CHECK(bound.binding.hasEvent());
  CHECK(&bound.binding.prepare(bytes.data() + 1) == &state);
  CHECK(state.base == bytes.data() + 1);
  CHECK(bound.eventsInUse() == 1);
  bound.binding.release();
  bound.binding.release();
  CHECK(bound.eventsInUse() == 0);
}

TEST_CASE("a destroyed binding returns its event") {
  Bound bound;
  {
    RequestBinding other(bound.context, bound);
    char byte = 'x';
    (void)other.prepare(&byte);
    CHECK(bound.eventsInUse() == 1);
  }
  CHECK(bound.eventsInUse() == 0);
}

TEST_CASE("an event has its client, its start and its host") {
  Bound bound;
  bound.context.clock.update();
  std::string bytes = kRequest;
  const EventState& state = bound.binding.prepare(bytes.data());
  CHECK(state.clientAddress == "192.0.2.1");
  CHECK(state.startedNs == bound.context.clock.ns());
  state.host->onHandlerDone(bound.binding.event());
  CHECK(bound.completions == 1);
}

TEST_CASE("a bound event shows the request's bytes") {
  Bound bound;
  std::string bytes = kRequest;
  REQUIRE((bound.read(bytes) == protocol::RequestReader::Outcome::complete));
  bound.binding.bind(bound.reader, bytes.data());
  const Event& event = bound.binding.event();
  CHECK(event.path() == "/ab/x");
  CHECK(bound.binding.state().target.query == "q=1");
  CHECK(bound.binding.state().body == "body");
  CHECK(static_cast<const void*>(bound.binding.state().body.data()) == bytes.data() + bytes.size() - 4);
  std::string moved = bytes;
  bound.binding.bind(bound.reader, moved.data());
  CHECK(bound.binding.state().base == moved.data());
  CHECK(static_cast<const void*>(bound.binding.state().body.data()) == moved.data() + moved.size() - 4);
}

TEST_CASE("a request whose head is not whole has no views") {
  Bound bound;
  std::string bytes = kRequest.substr(0, 30);
  REQUIRE((bound.read(bytes) == protocol::RequestReader::Outcome::needMore));
  bound.binding.bind(bound.reader, bytes.data());
  CHECK(bound.binding.state().path.empty());
  CHECK(bound.binding.state().body.empty());
}

TEST_CASE("a request whose head is not whole shows nothing of the one before it") {
  Bound bound;
  std::string first = kRequest, second = kRequest.substr(0, 30);
  REQUIRE((bound.read(first) == protocol::RequestReader::Outcome::complete));
  bound.binding.bind(bound.reader, first.data());
  REQUIRE((bound.read(second) == protocol::RequestReader::Outcome::needMore));
  bound.binding.bind(bound.reader, second.data());
  CHECK(bound.binding.state().path.empty());
  CHECK(bound.binding.state().target.query.empty());
}

TEST_CASE("an unbound event has no views into bytes that have moved") {
  Bound bound;
  std::string bytes = kRequest, moved = kRequest;
  REQUIRE((bound.read(bytes) == protocol::RequestReader::Outcome::complete));
  bound.binding.bind(bound.reader, bytes.data());
  bound.binding.state().routeParams.add("id", "x");
  bound.binding.unbind(moved.data());
  CHECK(bound.binding.state().routeParams.size() == 0);
  const EventState& state = bound.binding.state();
  CHECK(state.base == moved.data());
  CHECK(state.path.empty());
  CHECK(state.body.empty());
  CHECK(state.target.query.empty());
  CHECK(bound.binding.event().getHeader("Host") == "a");
  CHECK(static_cast<const void*>(bound.binding.event().getHeader("Host")->data()) ==
        moved.data() + moved.find("a\r\n"));
}
