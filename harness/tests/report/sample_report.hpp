// Reports for tests: a clean one, and one with a leak.
#pragma once

#include <string_view>

#include "analysis/analyse.hpp"
#include "analysis/record_builder.hpp"
#include "report/build_report.hpp"

namespace leakgate {

inline bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// setContext at event.cpp:88, with a library's function inlined, whatever the address.
inline std::vector<Frame> sampleFrames(const CodeLocation& location) {
  return {{"std::__cxx11::basic_string::_M_create", "/usr/include/c++/12/bits/basic_string.tcc", 155, true,
           "server", location.offset},
          {"fmt::detail::dupe", "/usr/include/fmt/copy.h", 21, true, "server", location.offset},
          {"h3::Event::setContext", "/src/app/src/event.cpp", 88, false, "server", location.offset}};
}

inline Environment sampleEnvironment() {
  Environment environment;
  environment.leakgate = "0.1.0";
  environment.commit = "c0ffee";
  environment.compiler = "GNU C++20 12.2.0";
  environment.flags = "-O2";
  environment.modules = {{"server", "00ff"}};
  environment.cores = 2;
  environment.fingerprint = environmentFingerprint(environment);
  return environment;
}

inline Report reportOf(const RunRecord& record) {
  return buildReport(record, analyse(record), sampleEnvironment(),
                     {"leakgate run scenarios/sample.json", {sampleFrames, "/src/app"}, {}});
}

inline Report cleanReport() {
  return reportOf(RecordBuilder().site(RecordBuilder::at(0x2000), {5, 5, 5, 5, 5}, {80, 80, 80, 80, 80}));
}

/// A clean report with these allocations a request, all runs' or one's, of which `steady` in proportion.
inline Report allocating(double value, std::optional<Spread> spread, double steady) {
  Report report = cleanReport();
  for (auto& metric : report.metrics) {
    if (metric.name == "allocations_per_request") {
      metric.value = value;
      metric.spread = spread;
      if (spread) metric.kind = MetricKind::spread;
    } else if (metric.name == "steady_allocations_per_request") {
      metric.value = steady;
    }
  }
  return report;
}

/// 1 block and 17 bytes a request, at `offset`.
inline Report leakyReport(std::uint64_t offset = 0x1000) {
  return reportOf(RecordBuilder().site(RecordBuilder::at(offset), {0, 1000, 2000, 4000, 8000},
                                       {0, 17000, 34000, 68000, 136000}, "setContext"));
}

/// Two experiments about the only finding of leakyReport(): one that grew, one that could not be run.
inline TriggerReport sampleTrigger() {
  TriggerReport trigger;
  trigger.seconds = 1.25;
  trigger.complete = true;
  trigger.notes = {"a note"};
  TriggerConclusion conclusion;
  conclusion.follows = Follows::disconnect;
  conclusion.event = "abort after the headers";
  conclusion.blocksPerEvent = 1;
  conclusion.bytesPerEvent = 17;
  conclusion.events = 400;
  conclusion.exact = conclusion.agrees = true;
  conclusion.text = "per abort after the headers: +1.000 blocks";
  trigger.conclusions = {{0, leakyReport().findings[0].fingerprint, conclusion}};
  trigger.experiments = {{"login", "login", Variation::none, "", 400, 0, 0, "200: 400", {{400, 6800}}},
                         {"login, as HEAD", "login", Variation::head, "the target ended", 0, 0, 0, "", {}}};
  return trigger;
}

/// Two stacks in the mix, one of them in the only step; a step that could not be replayed.
inline AllocationProfile sampleProfile() {
  AllocationProfile profile;
  profile.frames = sampleFrames(RecordBuilder::at(0x1000));
  profile.stacks = {{"0123456789abcdef", "parsing", false, {0, 1, 2}},
                    {"fedcba9876543210", "", true, {0, 2}}};
  profile.mix = {"", 8000, "200: 8000", "", {24000, 480000, 16000, 7990, 22, 440}, {}, {}, 0};
  profile.mix.stacks = {{0, {16000, 320000, 16000, 0, 0, 0}}, {1, {7999, 159980, 0, 7989, 22, 440}}};
  profile.mix.others = {1, 20, 0, 1, 0, 0};
  profile.mix.otherStacks = 1;
  profile.steps = {{"login", 800, "200: 800", "", {1600, 32000, 1600}, {{0, {1600, 32000, 1600}}}, {}, 0},
                   {"logout", 0, "", "the target ended", {}, {}, {}, 0}};
  return profile;
}

}  // namespace leakgate
