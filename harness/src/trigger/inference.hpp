// Infers claims about one finding from the table of experiments. Pure: a table in, claims out; no words.
//
// An experiment changes one thing of one step; in each, the growth of the place that the mixed run found is
// exact. Growth follows a trait of the step (it aborts, it is HTTP/1.0, it opens a connection ...) when it
// stops without the trait (necessary), and follows that trait whatever the step when the trait makes another
// step grow (sufficient). A claim names the experiments that it is based on, so that contradictions() can
// check it against the table.
#pragma once

#include <string>
#include <vector>

#include "trigger/experiment.hpp"

namespace leakgate {

/// Whether the growth of the mixed run came back.
enum class CameBack {
  alone,    ///< in a step by itself
  mixed,    ///< only with all steps together: no step that was tried alone grows
  uneven,   ///< a step alone rises, but not in each block
  no,       ///< in no step, although enough requests were sent
  tooFew,   ///< in no step, but hardly enough requests were sent
  unasked,  ///< not every step could be run alone, and none of those that were grows
};

/// The event that growth follows.
enum class TriggerEvent {
  none,
  anyRequest,     ///< whatever its target
  everyStep,      ///< a request of each step that was tried
  steps,          ///< a request of some steps
  connection,     ///< opened
  secondRequest,  ///< of a connection, whatever follows it
  closing,        ///< a request with Connection: close
  thread,         ///< started
  abort,          ///< the client leaves; `title` says where
  http10,         ///< an HTTP/1.0 request
  status,         ///< a response with that error status
  malformed,      ///< bytes that are not a request
  method,         ///< a request with that method
  field,          ///< a request with that header field
  stepsTogether   ///< some mix
};

enum class ConditionKind {
  concurrent,     ///< not over one connection
  pipelined,      ///< not with one request in flight on a connection
  overlapping,    ///< not with one request at a time: connections or pipelining, either is enough
  laterRequests,  ///< not in the first request of a connection
  afterSecond,    ///< not in the first two
  notFirst,       ///< not in the first, of connections that have two
  secondOnly,     ///< in the second, and in no later one
  readSlowly,     ///< not when read at once
  moreSlowly,     ///< more when read slowly
  perConnection,  ///< an additional amount for each new connection
  withField       ///< not without a header field
};

/// One condition, and the experiments that show it: next to nothing, or less, in `without`.
struct TriggerCondition {
  ConditionKind kind = ConditionKind::concurrent;
  std::string field;
  const TriggerExperiment* without = nullptr;
  const TriggerExperiment* with = nullptr;
  const TriggerExperiment* between = nullptr;  ///< laterRequests, secondOnly: two requests per connection
};

/// Claims. Lifetime: points into the experiments.
struct TriggerInference {
  CameBack cameBack = CameBack::unasked;
  Follows follows = Follows::unknown;
  TriggerEvent event = TriggerEvent::none;
  std::string title;               ///< of an abort ("after the headers"), method, field, status
  std::vector<std::size_t> steps;  ///< to which the event is limited; empty: any step
  std::vector<TriggerCondition> conditions;
  /// Other ways to send the same request, in which growth stops although no condition says so.
  std::vector<const TriggerExperiment*> exceptions;
  /// Other ways to use connections, in which it grows by another amount although no condition says so.
  std::vector<const TriggerExperiment*> deviations;
  const TriggerExperiment* subject = nullptr;   ///< the step alone that grows most
  const TriggerExperiment* evidence = nullptr;  ///< source of the amounts; unasked: all steps together
  /// Each step that grows alone, if their amounts differ: then the amounts below are their mean.
  std::vector<const TriggerExperiment*> amounts;
  std::uint64_t events = 0;
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  bool exact = false;           ///< the same in each block
  double bytesPerBodyByte = 0;  ///< of the request's body; 0 when it does not depend on it
  std::size_t stepsTried = 0;
};

TriggerInference infer(const Scenario& scenario, const TriggerTable& table);

/// Whether the variation changes how a request is sent, not its content.
bool changesSending(Variation variation);

}  // namespace leakgate
