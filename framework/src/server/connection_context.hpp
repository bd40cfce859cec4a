// The part of a worker that its connections see.
#pragma once

#include "memory/buffer_shelf.hpp"
#include "server/connection_limiter.hpp"
#include "server/connection_queues.hpp"
#include "server/memory_budget.hpp"
#include "server/reactor.hpp"
#include "session/session_context.hpp"

namespace h3::server {

/// What the connections of one worker share.
///
/// Lifetime: what the constructor takes must outlive it, and it must outlive its connections.
/// Threads: one owner.
struct ConnectionContext {
  ConnectionContext(session::SessionContext& sessions, Reactor& socketReactor,
                    ConnectionLimiter& connectionLimiter)
      : session(sessions),
        reactor(socketReactor),
        limiter(connectionLimiter),
        counters(sessions.services.counters),
        clock(sessions.clock),
        inputs(sessions.services.memory.buffers()),
        outputs(sessions.services.memory.buffers()),
        budget(sessions.config.limits.heldBytes, sessions.config.threads) {}
  ConnectionContext(const ConnectionContext&) = delete;
  ConnectionContext& operator=(const ConnectionContext&) = delete;

  session::SessionContext& session;
  Reactor& reactor;
  ConnectionLimiter& limiter;
  WorkerCounters& counters;
  const session::Clock& clock;
  BufferShelf inputs;
  BufferShelf outputs;
  MemoryBudget budget;
  ConnectionQueues queues;
};

}  // namespace h3::server
