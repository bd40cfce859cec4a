// A worker without sockets: requests go through a frozen App on the caller's thread, so that tests can look
// at events and count what is allocated.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "app/dispatcher.hpp"
#include "app/event_state.hpp"
#include "app/worker_services.hpp"
#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "http/canonical_path.hpp"
#include "monitor/monitor_state.hpp"
#include "protocol/limits.hpp"
#include "protocol/session_fsm.hpp"

namespace h3::test {

class LocalWorker {
 public:
  explicit LocalWorker(App& app, Config settings = Config::testing())
      : config(std::move(settings)),
        services(config, monitor, MonitorState::of(monitor).addWorker()),
        dispatcher_(Dispatcher::of(app)) {
    limits_.otherMethods = &dispatcher_.router().otherMethods();
  }

  /// Dispatches one whole request. The event is valid until the next call.
  Event& run(std::string_view request) {
    event_.reset();
    event_.emplace(services.events);
    bytes_ = request;
    EventState& state = EventState::of(**event_);
    if (fsm_.next(bytes_.data(), bytes_.size(), state.head) != protocol::SessionFsm::Action::dispatch)
      throw std::invalid_argument("not one whole good request: " + bytes_);
    state.base = bytes_.data();
    state.head.headers.rebase(bytes_.data());
    state.target = fsm_.reader().target();
    state.path = canonicalPath(state.target, state.arena);
    state.body = fsm_.reader().body(bytes_.data());
    state.clientAddress = "127.0.0.1";
    dispatcher_.handle(**event_);
    fsm_.responded(true);
    return **event_;
  }
  void release() { event_.reset(); }

  Config config;
  Monitor monitor;
  WorkerServices services;

 private:
  const Dispatcher& dispatcher_;
  protocol::Limits limits_;
  protocol::SessionFsm fsm_{limits_};
  std::string bytes_;
  std::optional<PooledEvent> event_;
};

}  // namespace h3::test
