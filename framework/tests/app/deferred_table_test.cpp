#include "app/deferred_table.hpp"

#include <doctest/doctest.h>

#include <exception>
#include <stdexcept>
#include <vector>

#include "../support/local_worker.hpp"

using h3::Deferred;
using h3::Event;
using h3::Metric;
using namespace h3::test;

namespace {

// Events as a session holds them: those that their host was told of.
struct Completions final : h3::EventHost {
  h3::App app;
  LocalWorker worker{app};
  h3::DeferredTable& table = worker.services.deferred;
  std::vector<Event*> ended;

  Event* acquire() {
    Event* const event = worker.services.events.acquire();
    h3::EventState::of(*event).host = this;
    return event;
  }
  void onHandlerDone(Event& done) override { ended.push_back(&done); }
  void onBodyWanted(Event&) override {}
  bool onWritten(Event&, std::string_view) override { return true; }
  void onInterim(Event&, std::string_view) override {}
  void release(Event* event) { worker.services.events.release(event); }
  std::uint64_t late() const { return worker.monitor.total(Metric::lateCompletions); }
};

}  // namespace

TEST_CASE("the first complete() of any copy ends the event, the others are counted") {
  Completions all;
  Event* const event = all.acquire();
  const Deferred later = event->defer();
  const Deferred copy = later;
  CHECK(later.event() == event);
  CHECK(copy.complete());
  CHECK(all.ended == std::vector{event});
  CHECK(later.event() == nullptr);
  CHECK_FALSE(later.complete());
  CHECK_FALSE(copy.fail(std::make_exception_ptr(std::runtime_error("late"))));
  CHECK_FALSE(h3::EventState::of(*event).error);
  event->complete();
  event->fail(std::make_exception_ptr(std::runtime_error("late")));
  CHECK_FALSE(h3::EventState::of(*event).error);
  CHECK(all.ended.size() == 1);
  CHECK(all.late() == 4);
  all.release(event);
}

TEST_CASE("fail() hands over its error, and is as final as complete()") {
  Completions all;
  Event* const event = all.acquire();
  const Deferred later = event->defer();
  CHECK(later.fail(std::make_exception_ptr(std::runtime_error("x"))));
  CHECK(h3::EventState::of(*event).error);
  CHECK_FALSE(later.complete());
  CHECK(all.late() == 1);
  all.release(event);
}

TEST_CASE("a late handle does not touch the request that its event serves by then") {
  Completions all;
  Event* const event = all.acquire();
  const Deferred first = event->defer();
  CHECK(first.complete());
  all.release(event);
  REQUIRE(all.acquire() == event);  // the last one back is the first one out
  const Deferred second = event->defer();
  CHECK_FALSE(first.complete());
  CHECK(first.event() == nullptr);
  CHECK(all.ended.size() == 1);
  CHECK(second.event() == event);
  CHECK(second.complete());
  CHECK(all.ended.size() == 2);
  all.release(event);
}

TEST_CASE("a late handle after its event has been destroyed") {
  Completions all;
  std::vector<Event*> events;
  std::vector<Deferred> handles;
  const std::size_t more = all.worker.services.memory.options().eventRetain + 50;
  while (events.size() < more) {
    events.push_back(all.acquire());
    handles.push_back(events.back()->defer());
  }
  CHECK(all.table.size() == more);
  for (const Deferred& handle : handles) CHECK(handle.complete());
  for (Event* const event : events) all.release(event);
  CHECK(all.table.size() == 0);
  for (const Deferred& handle : handles) CHECK_FALSE(handle.complete());
  CHECK(all.late() == more);
}

TEST_CASE("an expired event waits for its handler, but has its response") {
  Completions all;
  Event* const event = all.acquire();
  const Deferred later = event->defer();
  all.table.expire(later);
  CHECK(later.event() == nullptr);
  CHECK_FALSE(later.fail(std::make_exception_ptr(std::runtime_error("too late"))));
  CHECK(all.ended.size() == 1);
  CHECK_FALSE(h3::EventState::of(*event).error);
  CHECK(all.late() == 1);
  all.table.expire(later);  // nothing
  CHECK_FALSE(later.complete());
  CHECK(all.ended.size() == 1);
  all.release(event);
}

TEST_CASE("defer() twice returns the same handle; without it complete() does nothing") {
  Completions all;
  Event* const event = all.acquire();
  event->complete();
  CHECK(all.ended.empty());
  const Deferred once = event->defer();
  const Deferred again = event->defer();
  CHECK(all.table.size() == 1);
  CHECK(again.complete());
  CHECK_FALSE(once.complete());
  CHECK_FALSE(Deferred().complete());
  CHECK_FALSE(Deferred().fail(nullptr));
  CHECK(Deferred().event() == nullptr);
  all.release(event);
}
