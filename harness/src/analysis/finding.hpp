// Results of the analysis: findings fail a gate, observations inform.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/growth_series.hpp"
#include "region/snapshot.hpp"

namespace leakgate {

/// retention: resident memory that rises while live blocks do not, caused by an allocator (fragmentation,
/// caches). It is observed, never reported as a leak. uncounted: resident memory that keeps rising in
/// proportion to the work, beyond everything that was counted. managed: live objects of a runtime with a
/// collector, counted by the runtime itself after a collection. From `process` on: resources other than
/// memory of a process; finding_kind.cpp has a row for each.
enum class FindingKind {
  heap,
  mapping,
  descriptor,
  thread,
  slowdown,
  retention,
  uncounted,
  managed,
  process,       ///< live processes
  zombie,        ///< ended processes that their parent does not wait for
  sharedMemory,  ///< System V segments, /dev/shm, memfd
  semaphore,
  messageQueue,
  watch,         ///< of inotify or fanotify, behind one descriptor
  registration,  ///< of epoll, behind one descriptor
  timer,         ///< POSIX timers; a timerfd is a descriptor
  lock,          ///< on files
  threadKey,
  file  ///< left in a directory for temporary files
};

/// The count that growth rises with. time: a rate per second, whatever is requested; its events are
/// milliseconds.
enum class Follows { request, connection, disconnect, error, thread, time, unknown };

/// Growth that was proved to continue. Counts are over the measured requests, without the warm-up.
struct Finding {
  FindingKind kind = FindingKind::heap;
  Follows follows = Follows::unknown;
  Pattern pattern = Pattern::linear;  ///< linear, slow or stepped
  std::string step;     ///< "login", or "login, logout"; "" when it is not caused by certain steps
  std::string scope;    ///< allocation scope, "" outside of any
  CodeLocation caller;  ///< immediate caller; empty module when only totals are known
  std::string subject;  ///< what grows, when there is no place: "the JavaScript heap"
  std::vector<std::string> evidence;  ///< evidence beyond the series, one line each
  double blocksPerEvent = 0;          ///< heap blocks, mappings, descriptors or threads
  double bytesPerEvent = 0;
  std::uint64_t events = 0;                ///< how often `follows` (of `step`) happened
  std::vector<std::uint64_t> checkpoints;  ///< the same, cumulative at each checkpoint, first 0
  std::vector<std::int64_t> blocks;        ///< growth since "warm" at each checkpoint, first 0
  std::vector<std::int64_t> bytes;
  std::string detail;          ///< further details: "each in CLOSE_WAIT"; may be ""
  double blocksPerSecond = 0;  ///< Follows::time only
  double bytesPerSecond = 0;
  std::uint64_t lookedRequests = 0;  ///< measured requests over which it continued
  double idleSeconds = 0;  ///< time without requests after which it was still there; 0: no cool-down
  double percent = 0;      ///< slowdown only: rise of the CPU time per request, or drift of the latency
  double percentLow = 0;   ///< its confidence interval
  double percentHigh = 0;
  double cpuNsFirst = 0;  ///< slowdown by CPU time only: per request of the first block, and of the last
  double cpuNsLast = 0;
  double share = 0;  ///< share of that rise in the named function: 0 to 1

  /// Whether it is a slowdown by CPU time, not by latency.
  bool slowsByCpu() const { return cpuNsLast > 0; }
};

/// Growth that stopped, occurred once, or went up and down.
struct Observation {
  FindingKind kind = FindingKind::heap;
  Pattern pattern =
      Pattern::bounded;  ///< bounded, oneOff, sawtooth, givenBack; slow: still rising, not proved
  std::string scope;
  CodeLocation caller;
  std::int64_t blocks = 0;  ///< last minus warm
  std::int64_t bytes = 0;
  double seconds = 0;  ///< givenBack: time after the last request
  std::string detail;  ///< further details: the file that grows; may be ""
  double percent = 0;  ///< slowdown only: a rise of the CPU time per request that a second run did not have
};

std::string_view toString(FindingKind kind);
std::string_view toString(Follows follows);
std::string_view toString(Pattern pattern);

}  // namespace leakgate
