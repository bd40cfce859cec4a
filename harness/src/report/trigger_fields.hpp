// The fields of leakgate.report/1 about the experiments after a finding.
#pragma once

#include "report/json_archive.hpp"
#include "report/report_enums.hpp"
#include "report/trigger_report.hpp"

namespace leakgate {

template <class A>
void fields(A& a, typename A::template Ref<TriggerAmount> amount) {
  a("blocks", amount.blocks);
  a("bytes", amount.bytes);
}

template <class A>
void fields(A& a, typename A::template Ref<TriggerRow> row) {
  a("name", row.name);
  a("step", row.step);
  a("variation", row.variation);
  a("problem", row.problem);
  a("requests", row.requests);
  a("connections", row.connections);
  a("threads", row.threads);
  a("answers", row.responses);
  a("growth", row.growth);
}

template <class A>
void fields(A& a, typename A::template Ref<TriggerResult> result) {
  auto& conclusion = result.conclusion;
  a("finding", result.finding);
  a("fingerprint", result.fingerprint);
  a("follows", conclusion.follows);
  a("event", conclusion.event);
  a("condition", conclusion.condition);
  a("blocks_per_event", conclusion.blocksPerEvent);
  a("bytes_per_event", conclusion.bytesPerEvent);
  a("events", conclusion.events);
  a("exact", conclusion.exact);
  a("bytes_per_body_byte", conclusion.bytesPerBodyByte);
  a("agrees", conclusion.agrees);
  a("text", conclusion.text);
}

template <class A>
void fields(A& a, typename A::template Ref<TriggerReport> trigger) {
  a("seconds", trigger.seconds);
  a("complete", trigger.complete);
  a("notes", trigger.notes);
  a("conclusions", trigger.conclusions);
  a("experiments", trigger.experiments);
}

}  // namespace leakgate
