#include "session/session_context.hpp"

namespace h3::session {
namespace {

protocol::Limits limitsOf(const Config& config, const Dispatcher& dispatcher) {
  protocol::Limits limits;
  limits.targetBytes = config.limits.targetBytes;
  limits.headerBytes = config.limits.headerBytes;
  limits.headerCount = config.limits.headerCount;
  limits.bodyBytes = config.limits.bodyBytes;
  if (config.limits.strictTargets) limits.targetSyntax = TargetSyntax::strict;
  limits.stopsBehindHead = dispatcher.hasBodyRules();
  limits.otherMethods = &dispatcher.router().otherMethods();
  return limits;
}

}  // namespace

SessionContext::SessionContext(const Config& settings, const Dispatcher& appDispatcher,
                               const Monitor& monitor, WorkerCounters& counters)
    : config(settings),
      dispatcher(appDispatcher),
      limits(limitsOf(settings, appDispatcher)),
      services(settings, monitor, counters),
      prefix_(settings.serverName, settings.timeouts.announceIdle ? settings.timeouts.idleMs / 1000 : 0) {}

[[gnu::cold, gnu::noinline]] void SessionContext::renewResponsePrefix() {
  prefix_.show(clock.seconds());
  prefixEndsNs_ = clock.secondEndsNs();
}

}  // namespace h3::session
