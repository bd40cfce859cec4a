#include "report/finding_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/finding_kind.hpp"
#include "analysis/growth_words.hpp"
#include "report/stack_text.hpp"
#include "symbols/blame.hpp"
#include "symbols/function_name.hpp"
#include "symbols/owner.hpp"

namespace leakgate {

namespace {

std::string lineOf(const Place& place) {
  return place.file.empty() ? "" : fmt::format(" {}:{}", place.file, place.line);
}

// "saveNote notes.cpp:88"; "notes+0x1234" in a stripped program.
std::string callOf(const NamedFinding& finding, std::size_t blamed) {
  if (!finding.place.function.empty()) return finding.place.function + lineOf(finding.place);
  return fmt::format("{}+{:#x}", finding.place.module, finding.stack[blamed].offset);
}

// "in libsqlite3.so, called from saveNote notes.cpp:88"; "" if the program allocates itself.
std::string libraryOf(const NamedFinding& finding) {
  const std::size_t blamed = frameToBlame(finding.stack);
  const std::string library = libraryBelow(finding.stack, blamed);
  return library.empty() ? "" : fmt::format("in {}, called from {}", library, callOf(finding, blamed));
}

// "saveUser, through xmalloc"; for a part of a site's growth with its line, which distinguishes it from the
// others.
std::string functionOf(const NamedFinding& finding) {
  std::string text = finding.place.function;
  if (!finding.site.empty()) text += lineOf(finding.place);
  const std::size_t through = allocatorBelow(finding.stack, frameToBlame(finding.stack));
  return through < finding.stack.size() ? text + ", through " + finding.stack[through].function : text;
}

bool isCalledByUnknown(const NamedFinding& finding) {
  return !finding.stacks.empty() &&
         callerIsUnknown(finding.stacks.front().frames, finding.stacks.front().truncated);
}

// The subject of the line; without a known function, the kind itself.
std::string subjectOf(const NamedFinding& finding) {
  if (!finding.growth.subject.empty()) return finding.growth.subject + " grows";
  const Place& place = finding.place;
  if (std::string library = libraryOf(finding); !library.empty()) return library;
  const bool named = !place.function.empty();
  if (named && isCalledByUnknown(finding)) return "unknown caller of " + place.function;
  // Only a library function is known: the program's allocation scope is more helpful.
  if (!place.scope.empty() && (!named || isLibraryName(place.function))) return place.scope;
  if (named) return functionOf(finding);
  if (!place.module.empty()) return place.module;
  return finding.growth.kind == FindingKind::heap ? "heap (no site known)"
                                                  : std::string(traitsOf(finding.growth.kind).unit);
}

std::string amountOf(const Finding& growth) {
  const bool bytesAlone = growth.kind == FindingKind::uncounted || growth.kind == FindingKind::managed;
  if (bytesAlone && growth.blocksPerEvent == 0) return bytesPerEvent(growth.bytesPerEvent);
  // realloc() enlarges existing blocks: "+0.000 blocks" would look like no growth.
  const bool sameBlocks = growth.blocksPerEvent == 0 && growth.bytesPerEvent != 0;
  if (sameBlocks && growth.kind == FindingKind::mapping)
    return bytesPerEvent(growth.bytesPerEvent) + " outside the counted heap";
  if (sameBlocks && growth.kind != FindingKind::heap) return bytesPerEvent(growth.bytesPerEvent);
  if (sameBlocks) return bytesPerEvent(growth.bytesPerEvent) + ", no more blocks,";
  std::string amount = fmt::format("{} {}", unitsPerEvent(growth.blocksPerEvent), traitsOf(growth.kind).unit);
  if (!traitsOf(growth.kind).hasBytes || growth.bytesPerEvent == 0) return amount;
  amount += ", " + bytesPerEvent(growth.bytesPerEvent);
  return growth.kind == FindingKind::mapping ? amount + " outside the counted heap" : amount;
}

// "request of step login", "disconnect".
std::string eventOf(const Finding& growth) {
  std::string event(growth.follows == Follows::unknown ? "request" : toString(growth.follows));
  if (growth.step.empty()) return event;
  const bool several = growth.step.find(", ") != std::string::npos;
  return event + (several ? " of steps " : " of step ") + growth.step;
}

std::size_t risingIntervals(const Finding& growth) {
  const bool blocksRise = !growth.blocks.empty() && growth.blocks.back() > 0;
  const auto intervalsOf = intervals(blocksRise ? growth.blocks : growth.bytes);
  return static_cast<std::size_t>(
      std::count_if(intervalsOf.begin(), intervalsOf.end(), [](auto d) { return d > 0; }));
}

// Whether one slope explains every checkpoint to the last block (or byte, if blocks only get larger).
bool isExact(const Finding& growth) {
  if (growth.pattern != Pattern::linear || growth.blocks.empty()) return false;
  if (growth.blocks.back() > 0) return exactlyProportional(growth.blocks, growth.checkpoints);
  return exactlyProportional(growth.bytes, growth.checkpoints) ||
         exactlyProportional(growth.bytes, growth.checkpoints, byteUnitOf(growth.bytes, growth.events));
}

std::string secondsText(double seconds) {
  return fmt::format("{:.0f} s", std::max(1.0, std::round(seconds)));
}

// "still there after 160,000 requests and 75 s idle".
std::string lookText(const Finding& growth) {
  if (growth.idleSeconds <= 0) return "";
  std::string text = growth.pattern == Pattern::linear ? "; still linear after " : "; still rising after ";
  return text + withThousands(static_cast<std::int64_t>(growth.lookedRequests)) + " requests and " +
         secondsText(growth.idleSeconds) + " idle";
}

// A finding's line is "HEADLINE (EVIDENCE)".
struct FindingText {
  std::string headline;
  std::string evidence;
};

FindingText timeText(const NamedFinding& finding) {
  const Finding& growth = finding.growth;
  std::string amount =
      fmt::format("{} {}", unitsPerEvent(growth.blocksPerSecond), traitsOf(growth.kind).unit);
  if (traitsOf(growth.kind).hasBytes) amount += ", " + bytesPerEvent(growth.bytesPerSecond);
  return {fmt::format("LEAK  {}  {} per second, whatever is asked", subjectOf(finding), amount),
          fmt::format("follows time: the same through {} idle", secondsText(growth.idleSeconds))};
}

std::string evidenceOf(const Finding& growth) {
  const std::size_t all = growth.checkpoints.empty() ? 0 : growth.checkpoints.size() - 1;
  const std::size_t rising = risingIntervals(growth);
  const std::string at =
      rising == all ? "every checkpoint" : fmt::format("{} of {} checkpoints", rising, all);
  const std::string checkpoints = isExact(growth) ? "exact at " + at : at;
  const std::string noun =
      growth.follows == Follows::unknown ? "request" : std::string(toString(growth.follows));
  std::string text = fmt::format("{} {}{}, {}", withThousands(static_cast<std::int64_t>(growth.events)), noun,
                                 growth.events == 1 ? "" : "s", checkpoints);
  if (growth.pattern == Pattern::slow) text += ", rises less than the work";
  if (growth.pattern == Pattern::stepped) text += ", by jumps that do not shrink";
  return text + lookText(growth);
}

// "SLOWER  findUser  +512 % CPU per request (8.1 us in the first block, 49.6 us in the last, ...)".
FindingText cpuSlowdownText(const NamedFinding& finding) {
  const Finding& growth = finding.growth;
  const Place& place = finding.place;
  const std::string subject = !place.function.empty() ? place.function
                              : !place.module.empty() ? place.module
                                                      : "requests";
  std::string evidence =
      fmt::format("{} in the first block, {} in the last of {} requests", asTime(growth.cpuNsFirst),
                  asTime(growth.cpuNsLast), withThousands(static_cast<std::int64_t>(growth.events)));
  evidence += fmt::format(", 95 % confidence {:+.0f} to {:+.0f} %", growth.percentLow, growth.percentHigh);
  if (finding.confirmed == Confirmed::yes) evidence += ", in two runs";
  if (growth.share > 0) evidence += fmt::format("; {:.0f} % of it here", 100 * growth.share);
  return {fmt::format("SLOWER  {}  {:+.0f} % CPU per request", subject, growth.percent), evidence};
}

FindingText slowdownText(const Finding& growth) {
  return {fmt::format("SLOWER  latency  {:+.1f} % from the first to the last requests", growth.percent),
          fmt::format("95 % confidence {:+.1f} to {:+.1f} %", growth.percentLow, growth.percentHigh)};
}

FindingText textOf(const NamedFinding& finding) {
  const Finding& growth = finding.growth;
  if (growth.slowsByCpu()) return cpuSlowdownText(finding);
  if (growth.kind == FindingKind::slowdown) return slowdownText(growth);
  if (growth.follows == Follows::time) return timeText(finding);
  return {fmt::format("LEAK  {}  {} per {}", subjectOf(finding), amountOf(growth), eventOf(growth)),
          evidenceOf(growth)};
}

std::string shapeOf(Pattern pattern) {
  switch (pattern) {
    case Pattern::oneOff:
      return "rose once";
    case Pattern::sawtooth:
      return "rose and fell";
    case Pattern::bounded:
      return "rose and stopped";
    case Pattern::linear:
      return "rises with the work";
    case Pattern::givenBack:
      return "given back";
    default:
      return "still rising at the end, not proved";
  }
}

std::string signedThousands(std::int64_t number) { return (number > 0 ? "+" : "") + withThousands(number); }

}  // namespace

std::string withThousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string asTime(double nanoseconds) {
  struct Unit {
    double size;
    const char* name;
  };
  constexpr std::array<Unit, 3> kUnits{{{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}}};
  for (const auto& unit : kUnits) {
    if (std::abs(nanoseconds) >= unit.size)
      return fmt::format("{:.3g} {}", nanoseconds / unit.size, unit.name);
  }
  return fmt::format("{:.0f} ns", nanoseconds);
}

std::string asValue(double value, const std::string& unit) {
  if (unit == "ns") return asTime(value);
  if (unit == "ratio") return fmt::format("{:.6g} %", 100 * value);
  const bool whole = std::floor(value) == value && std::abs(value) < 1e15;
  const std::string number =
      whole ? withThousands(static_cast<std::int64_t>(value)) : fmt::format("{:.6g}", value);
  return unit == "1" || unit.empty() ? number : number + " " + unit;
}

std::string asValue(const Metric& metric) {
  if (!metric.spread || metric.spread->low == metric.spread->high) return asValue(metric.value, metric.unit);
  const bool ownUnit = metric.unit == "ns" || metric.unit == "ratio";
  return fmt::format("{} to {} in {} runs", asValue(metric.spread->low, ownUnit ? metric.unit : "1"),
                     asValue(metric.spread->high, metric.unit), metric.spread->runs);
}

std::string findingLine(const NamedFinding& finding) {
  const FindingText text = textOf(finding);
  return fmt::format("{} ({})", text.headline, text.evidence);
}

std::string findingHeadline(const NamedFinding& finding) { return textOf(finding).headline; }

std::string findingEvidence(const NamedFinding& finding) { return textOf(finding).evidence; }

const NamedFinding* findingOf(const Report& report, const Reason& failure) {
  const auto& failures = report.verdict.failures;
  const auto isAlike = [&](const Reason& other) { return other.text == failure.text; };
  auto before = std::count_if(failures.data(), &failure, isAlike);
  for (const auto& finding : report.findings) {
    // "in each of 5 runs" may follow the line.
    if (failure.text.starts_with(findingLine(finding)) && before-- == 0) return &finding;
  }
  return nullptr;
}

std::vector<std::string> findingPlaceLines(const NamedFinding& finding) {
  std::vector<std::string> lines;
  const Place& place = finding.place;
  for (const auto& line : finding.growth.evidence) lines.push_back(line);
  if (!place.scope.empty()) lines.push_back("in scope " + place.scope);
  if (!finding.growth.detail.empty()) lines.push_back(finding.growth.detail);
  if (finding.confirmed == Confirmed::no) lines.push_back("did not grow again when replayed with stacks");
  if (!finding.stacks.empty()) {
    const auto stack = findingStackLines(finding);
    lines.insert(lines.end(), stack.begin(), stack.end());
    return lines;
  }
  if (!place.file.empty()) lines.push_back(fmt::format("{}:{} ({})", place.file, place.line, place.module));
  if (place.file.empty() && !finding.stack.empty()) {
    const std::string& missing = finding.stack[0].missingFile;
    lines.push_back(fmt::format("{}+{:#x}, no line numbers: {}", place.module, finding.stack[0].offset,
                                missing.empty() ? "build it with -g1" : missing + " could not be read"));
  }
  // From the named function inwards to the allocation, without the standard library.
  const auto named = frameToBlame(finding.stack);
  for (std::size_t i = std::min(named, finding.stack.size()); i-- > 0;) {
    const Frame& frame = finding.stack[i];
    if (ownerOf(frame) == Owner::runtime || frame.file.empty()) continue;
    lines.push_back(fmt::format("through {} {}:{}", frame.function, frame.file, frame.line));
  }
  return lines;
}

std::string observationLine(const NamedObservation& observation) {
  const auto& growth = observation.growth;
  if (growth.kind == FindingKind::file && !growth.detail.empty())
    return fmt::format("{}: {} B, {}", shapeOf(growth.pattern), signedThousands(growth.bytes), growth.detail);
  if (growth.kind == FindingKind::retention) {
    const bool rising = growth.pattern == Pattern::slow;
    return fmt::format("{}: {} B resident beyond all that was counted{}", shapeOf(growth.pattern),
                       signedThousands(growth.bytes),
                       rising ? "" : "; the allocator keeps or fragments memory, not a leak");
  }
  if (growth.kind == FindingKind::slowdown) {
    return fmt::format("CPU per request rose by {:.0f} % in this run, and not in a second one",
                       growth.percent);
  }
  std::string place =
      observation.place.function.empty() ? observation.place.module : observation.place.function;
  if (place.empty()) place = growth.kind == FindingKind::heap ? "heap" : traitsOf(growth.kind).unit;
  const std::string when = growth.pattern == Pattern::givenBack
                               ? fmt::format(" {:.1f} s after the last request", growth.seconds)
                               : std::string();
  std::string text = fmt::format("{}{}: {} {}", shapeOf(growth.pattern), when, signedThousands(growth.blocks),
                                 traitsOf(growth.kind).unit);
  if (traitsOf(growth.kind).hasBytes) text += ", " + signedThousands(growth.bytes) + " B";
  text += ", " + place;
  if (!observation.place.file.empty())
    text += fmt::format(" {}:{}", observation.place.file, observation.place.line);
  return text;
}

}  // namespace leakgate
