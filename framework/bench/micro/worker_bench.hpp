// A worker without sockets: its pools, and a request that is read as a connection would.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "app/dispatcher.hpp"
#include "app/event_state.hpp"
#include "app/worker_services.hpp"
#include "h3http/config.hpp"
#include "h3http/event_pool.hpp"
#include "h3http/monitor.hpp"
#include "http/canonical_path.hpp"
#include "monitor/monitor_state.hpp"
#include "protocol/limits.hpp"
#include "protocol/request_reader.hpp"

namespace bench {

/// The pools and counters of one worker.
class WorkerBench {
 public:
  WorkerBench() : services_(config_, monitor_, h3::MonitorState::of(monitor_).addWorker()) {}

  h3::EventPool& events() { return services_.events; }
  h3::WorkerServices& services() { return services_; }

 private:
  h3::Config config_ = h3::Config::production();
  h3::Monitor monitor_;
  h3::WorkerServices services_;
};

/// One request's bytes, parsed into events again and again. The only place that repeats what a
/// connection does.
class RequestBench {
 public:
  explicit RequestBench(std::string text) : text_(std::move(text)), reader_(limits_) {}

  /// Parses the bytes and points the event at them.
  void parseInto(h3::Event& event) {
    h3::EventState& state = h3::EventState::of(event);
    reader_.begin(state.head);
    if (reader_.read(text_.data(), text_.size()) != h3::protocol::RequestReader::Outcome::complete)
      std::abort();
    state.base = text_.data();
    state.target = reader_.target();
    state.path = h3::canonicalPath(state.target, state.arena);
    state.body = reader_.body(text_.data());
  }

 private:
  std::string text_;
  h3::protocol::Limits limits_;
  h3::protocol::RequestReader reader_;
};

inline constexpr std::string_view kOneHeaderRequest = "GET /users/42 HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// What the audit called an operation of the event pool: acquire, parse, one parameter, text, release.
inline void pooledCycle(h3::EventPool& events, RequestBench& request) {
  const h3::PooledEvent event(events);
  request.parseInto(*event);
  event->setParam("id", "42");
  event->sendText("Hello, World!");
}

/// The same with four more sets.
inline void pooledCycleWithSets(h3::EventPool& events, RequestBench& request) {
  const h3::PooledEvent event(events);
  request.parseInto(*event);
  event->setParam("id", "42");
  event->setContext("user", "42");
  event->setContext("session", "0123456789abcdef");
  event->setContext("role", "member");
  event->setContext("locale", "en");
  event->sendText("Hello, World!");
}

}  // namespace bench
