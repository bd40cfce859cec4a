// What the table of experiments says of one finding. Pure: a table in, claims out; no words.
//
// An experiment is one thing changed of one step; the growth of the place that the mixed run found is exact
// in each. A trait of the step (it aborts, it is HTTP/1.0, it opens a connection ...) is what growth follows
// when it stops without the trait (necessary), and it follows that trait whatever the step when the trait
// brings the growth to a step that had none (sufficient). A claim names the experiments that it rests on, so
// that it can be held against the table again: contradictions().
#pragma once

#include <string>
#include <vector>

#include "trigger/experiment.hpp"

namespace leakgate {

/// Whether the growth of the mixed run came back.
enum class CameBack {
  alone,    ///< in a step by itself
  mixed,    ///< only with the steps together: none of those tried alone brings it
  uneven,   ///< a step alone rises, but not in each block
  no,       ///< in none, where enough requests were sent to see it
  tooFew,   ///< in none, but hardly enough requests were sent
  unasked,  ///< not every step could be run alone, and none that was brings it
};

/// What brings the growth.
enum class TriggerEvent {
  none,
  anyRequest,     ///< whatever it asks for
  everyStep,      ///< a request of each step that was tried
  steps,          ///< a request of some steps
  connection,     ///< opened
  secondRequest,  ///< of a connection, whatever comes after it
  closing,        ///< a request that says Connection: close
  thread,         ///< started
  abort,          ///< the client leaves; `title` says where
  http10,         ///< an HTTP/1.0 request
  status,         ///< an answer of that error status
  malformed,      ///< bytes that are no request
  method,         ///< a request with that method
  field,          ///< a request with that header field
  stepsTogether   ///< some mix
};

enum class ConditionKind {
  concurrent,     ///< not over one connection
  pipelined,      ///< not with one request in flight on a connection
  overlapping,    ///< not with one request at a time: connections or pipelining, either will do
  laterRequests,  ///< not in the first request of a connection
  afterSecond,    ///< not in the first two
  notFirst,       ///< not in the first, of connections that have two
  secondOnly,     ///< in the second, and in no later one
  readSlowly,     ///< not when read at once
  moreSlowly,     ///< more when read slowly
  perConnection,  ///< as much again for each connection that is opened
  withField       ///< not without a header field
};

/// One condition, and the experiments that show it: next to nothing, or less, in `without`.
struct TriggerCondition {
  ConditionKind kind = ConditionKind::concurrent;
  std::string field;
  const TriggerExperiment* without = nullptr;
  const TriggerExperiment* with = nullptr;
  const TriggerExperiment* between = nullptr;  ///< laterRequests, secondOnly: two requests a connection
};

/// Claims. Lifetime: points into the experiments.
struct TriggerInference {
  CameBack cameBack = CameBack::unasked;
  Follows follows = Follows::unknown;
  TriggerEvent event = TriggerEvent::none;
  std::string title;               ///< of an abort ("after the headers"), method, field, status
  std::vector<std::size_t> steps;  ///< that the event is limited to; empty: whatever the step
  std::vector<TriggerCondition> conditions;
  /// Other ways to send the same request, in which growth stops though no condition says so.
  std::vector<const TriggerExperiment*> exceptions;
  /// Other ways to use connections, in which it grows by another amount though no condition says so.
  std::vector<const TriggerExperiment*> deviations;
  const TriggerExperiment* subject = nullptr;   ///< the step alone that grows most
  const TriggerExperiment* evidence = nullptr;  ///< the amounts are read from it; unasked: all steps together
  /// Each step that grows alone, where their amounts differ: then those below are their mean.
  std::vector<const TriggerExperiment*> amounts;
  std::uint64_t events = 0;
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  bool exact = false;           ///< the same in each block
  double bytesPerBodyByte = 0;  ///< of the request's body; 0 when it does not depend on it
  std::size_t stepsTried = 0;
};

TriggerInference infer(const Scenario& scenario, const TriggerTable& table);

/// Claims that the table does not bear out, in words; empty: none. Does not use infer()'s reasoning.
std::vector<std::string> contradictions(const TriggerTable& table, const TriggerInference& inference);

/// Whether the variation changes how a request is sent and not what it is.
bool changesSending(Variation variation);

}  // namespace leakgate
