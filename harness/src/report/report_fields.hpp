// The fields of leakgate.report/1, each named once for writing and reading. Included by report_json.cpp and
// baseline.cpp only.
#pragma once

#include "report/json_archive.hpp"
#include "report/report.hpp"
#include "report/report_enums.hpp"
#include "report/trigger_fields.hpp"

namespace leakgate {

template <class A>
void fields(A& a, typename A::template Ref<Reason> reason) {
  a("subject", reason.subject);
  a("text", reason.text);
}

template <class A>
void fields(A& a, typename A::template Ref<Verdict> verdict) {
  a("outcome", verdict.outcome);
  a("failures", verdict.failures);
  a("suspects", verdict.suspects);
  a("notes", verdict.notes);
}

template <class A>
void fields(A& a, typename A::template Ref<ModuleId> module) {
  a("name", module.name);
  a("build_id", module.buildId);
}

template <class A>
void fields(A& a, typename A::template Ref<Environment> environment) {
  a("leakgate", environment.leakgate);
  a("commit", environment.commit);
  a("dirty", environment.dirty);
  a("compiler", environment.compiler);
  a("flags", environment.flags);
  a("build_type", environment.buildType);
  a.optional("runtimes", environment.runtimes);
  a("modules", environment.modules);
  a("libc", environment.libc);
  a("kernel", environment.kernel);
  a("cpu", environment.cpu);
  a("cores", environment.cores);
  a("shim_layout", environment.shimLayout);
  a("fingerprint", environment.fingerprint);
}

template <class A>
void fields(A& a, typename A::template Ref<Spread> spread) {
  a("runs", spread.runs);
  a("low", spread.low);
  a("high", spread.high);
}

template <class A>
void fields(A& a, typename A::template Ref<Metric> metric) {
  a("name", metric.name);
  a("value", metric.value);
  a("unit", metric.unit);
  a("kind", metric.kind);
  a("direction", metric.direction);
  a.optional("spread", metric.spread);
}

template <class A>
void fields(A& a, typename A::template Ref<SeriesPoint> point) {
  a("checkpoint", point.checkpoint);
  a("requests", point.requests);
  a("elapsed_ns", point.elapsedNs);
  a("settle_ns", point.settleNs);
  a("settled", point.settled);
  a.optional("steady", point.steady);
  a.optional("idle_events_per_second", point.idleEventsPerSecond);
  a("consistent", point.consistent);
  a("live_bytes", point.liveBytes);
  a("live_blocks", point.liveBlocks);
  a("allocations", point.allocations);
  a("rss_bytes", point.rssBytes);
  a("mappings", point.mappings);
  a("descriptors", point.descriptors);
  a("threads", point.threads);
  a("cpu_ns", point.cpuNs);
}

template <class A>
void fields(A& a, typename A::template Ref<Frame> frame) {
  a("function", frame.function);
  a("file", frame.file);
  a("line", frame.line);
  a("inlined", frame.inlined);
  a("module", frame.module);
  a.hex("offset", frame.offset);
  a.optional("owner", frame.owner);
  a.optional("allocates", frame.allocates);
  a.optional("missing_file", frame.missingFile);
}

template <class A>
void fields(A& a, typename A::template Ref<Place> place) {
  a("function", place.function);
  a("file", place.file);
  a("line", place.line);
  a("module", place.module);
}

template <class A>
void fields(A& a, typename A::template Ref<SiteSummary> site) {
  a("place", site.place);
  a("scope", site.place.scope);
  a("blocks_growth", site.blocksGrowth);
  a("bytes_growth", site.bytesGrowth);
  a("live_blocks", site.liveBlocks);
  a("live_bytes", site.liveBytes);
  a("allocations", site.allocations);
  a("allocated_bytes", site.allocatedBytes);
}

template <class A>
void fields(A& a, typename A::template Ref<NamedStack> stack) {
  a("blocks_per_event", stack.blocksPerEvent);
  a("bytes_per_event", stack.bytesPerEvent);
  a("blocks", stack.blocks);
  a("bytes", stack.bytes);
  a("truncated", stack.truncated);
  a("fingerprint", stack.fingerprint);
  a("frames", stack.frames);
}

template <class A>
void fields(A& a, typename A::template Ref<GrowingLine> line) {
  a("place", line.place);
  a("calls", line.calls);
  a("share", line.share);
}

template <class A>
void fields(A& a, typename A::template Ref<NamedFinding> finding) {
  auto& growth = finding.growth;
  a("kind", growth.kind);
  a.optional("subject", growth.subject);
  a.optional("evidence", growth.evidence);
  a("follows", growth.follows);
  a("pattern", growth.pattern);
  a("step", growth.step);
  a("scope", finding.place.scope);
  a("place", finding.place);
  a("blocks_per_event", growth.blocksPerEvent);
  a("bytes_per_event", growth.bytesPerEvent);
  a("events", growth.events);
  a("checkpoints", growth.checkpoints);
  a("blocks", growth.blocks);
  a("bytes", growth.bytes);
  a.optional("blocks_per_second", growth.blocksPerSecond);
  a.optional("bytes_per_second", growth.bytesPerSecond);
  a.optional("looked_requests", growth.lookedRequests);
  a.optional("idle_seconds", growth.idleSeconds);
  a("percent", growth.percent);
  a("percent_low", growth.percentLow);
  a("percent_high", growth.percentHigh);
  a.optional("cpu_ns_first", growth.cpuNsFirst);
  a.optional("cpu_ns_last", growth.cpuNsLast);
  a.optional("share", growth.share);
  a("fingerprint", finding.fingerprint);
  a("stack", finding.stack);
  a("stacks", finding.stacks);
  a("stacks_total", finding.stackCount);
  a.optional("lines", finding.lines);
  a.optional("lines_total", finding.lineCount);
  a.optional("site", finding.site);
  a("confirmed", finding.confirmed);
  a.optional("detail", growth.detail);
}

template <class A>
void fields(A& a, typename A::template Ref<Suppression> rule) {
  a("pattern", rule.pattern);
  a("file", rule.file);
  a("line", rule.line);
  a("findings", rule.findings);
}

template <class A>
void fields(A& a, typename A::template Ref<NamedObservation> observation) {
  a("kind", observation.growth.kind);
  a("pattern", observation.growth.pattern);
  a("place", observation.place);
  a("scope", observation.place.scope);
  a("blocks", observation.growth.blocks);
  a("bytes", observation.growth.bytes);
  a.optional("percent", observation.growth.percent);
  a.optional("seconds", observation.growth.seconds);
  a.optional("detail", observation.growth.detail);
}

template <class A>
void fields(A& a, typename A::template Ref<Look> look) {
  a("requests", look.requests);
  a("idle_seconds", look.idleSeconds);
  a("end", look.end);
  a("find_one_in", look.findOneIn);
}

template <class A>
void fields(A& a, typename A::template Ref<ShimCost> cost) {
  a("scenario", cost.scenario);
  a("requests", cost.requests);
  a("pairs", cost.pairs);
  a("cpu_ratio", cost.cpuRatio);
  a("added_ns_per_request", cost.addedNsPerRequest);
  a("repeatable", cost.repeatable);
  a.optional("counts", cost.counts);
  a.optional("varied", cost.varied);
}

template <class A>
void fields(A& a, typename A::template Ref<SelfAudit> audit) {
  a("layout_version", audit.layoutVersion);
  a("shim_bytes", audit.regionBytes);
  a("events_dropped", audit.eventsDropped);
  a("sites_folded", audit.sitesFolded);
  a("stacks_folded", audit.stacksFolded);
  a("stacks_missed", audit.stacksMissed);
  a("foreign_frees", audit.foreignFrees);
  a("processes", audit.processes);
  a("threads_seen", audit.threadsSeen);
  a.optional("cost", audit.cost);
}

template <class A>
void fields(A& a, typename A::template Ref<LatencyWindow> window) {
  a("requests", window.requests);
  a("mean_ns", window.meanNs);
  a("p50_ns", window.p50Ns);
  a("p99_ns", window.p99Ns);
}

template <class A>
void fields(A& a, typename A::template Ref<StepTimes> times) {
  a("step", times.step);
  a("requests", times.requests);
  a("p50_ns", times.p50Ns);
  a("p99_ns", times.p99Ns);
  a("has_drift", times.hasDrift);
  a("drift_percent", times.driftPercent);
  a("drift_low", times.driftLow);
  a("drift_high", times.driftHigh);
}

template <class A>
void fields(A& a, typename A::template Ref<LatencyDrift> drift) {
  a("percent", drift.percent);
  a("percent_low", drift.low);
  a("percent_high", drift.high);
  a("mann_whitney_p", drift.p);
  a("floor_percent", drift.floorPercent);
  a("threshold_percent", drift.thresholdPercent);
}

template <class A>
void fields(A& a, typename A::template Ref<UnexpectedResponse> response) {
  a("step", response.step);
  a("request", response.request);
  a("what", response.what);
}

template <class A>
void fields(A& a, typename A::template Ref<SystemCallCount> count) {
  a("name", count.name);
  a("calls", count.calls);
  a("failed", count.failed);
}

template <class A>
void fields(A& a, typename A::template Ref<SystemCallProfile> profile) {
  a("requests", profile.requests);
  a("answers", profile.responses);
  a("problem", profile.problem);
  a("calls", profile.calls);
}

template <class A>
void fields(A& a, typename A::template Ref<FunctionInstructions> function) {
  a("function", function.function);
  a("module", function.module);
  a("instructions", function.instructions);
}

template <class A>
void fields(A& a, typename A::template Ref<InstructionProfile> profile) {
  a("requests", profile.requests);
  a("problem", profile.problem);
  a("total", profile.total);
  a("functions", profile.functions);
}

}  // namespace leakgate
