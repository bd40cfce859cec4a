// The values of the enumerations in leakgate.report/1, each written by its toString().
#pragma once

#include <array>

#include "report/json_archive.hpp"
#include "report/report.hpp"
#include "trigger/variation.hpp"

namespace leakgate {

template <>
struct AllOf<Outcome> {
  static constexpr std::array values{Outcome::pass, Outcome::timesOnly, Outcome::fail, Outcome::badInput,
                                     Outcome::cannotMeasure};
};
template <>
struct AllOf<MetricKind> {
  static constexpr std::array values{MetricKind::exact, MetricKind::spread, MetricKind::sampled};
};
template <>
struct AllOf<Direction> {
  static constexpr std::array values{Direction::lower, Direction::higher, Direction::none};
};
template <>
struct AllOf<FindingKind> {
  static constexpr std::array values{
      FindingKind::heap,         FindingKind::mapping,   FindingKind::descriptor,   FindingKind::thread,
      FindingKind::slowdown,     FindingKind::retention, FindingKind::uncounted,    FindingKind::managed,
      FindingKind::process,      FindingKind::zombie,    FindingKind::sharedMemory, FindingKind::semaphore,
      FindingKind::messageQueue, FindingKind::watch,     FindingKind::registration, FindingKind::timer,
      FindingKind::lock,         FindingKind::threadKey, FindingKind::file};
};
template <>
struct AllOf<Follows> {
  static constexpr std::array values{Follows::request, Follows::connection, Follows::disconnect,
                                     Follows::error,   Follows::thread,     Follows::time,
                                     Follows::unknown};
};
template <>
struct AllOf<Pattern> {
  static constexpr std::array values{Pattern::flat,     Pattern::linear,   Pattern::slow,
                                     Pattern::stepped,  Pattern::bounded,  Pattern::oneOff,
                                     Pattern::sawtooth, Pattern::givenBack};
};
template <>
struct AllOf<Owner> {
  static constexpr std::array values{Owner::unknown, Owner::runtime, Owner::library, Owner::user};
};
template <>
struct AllOf<Depth> {
  static constexpr std::array values{Depth::none, Depth::count, Depth::sites, Depth::stacks};
};

template <>
struct AllOf<LookEnd> {
  static constexpr std::array values{LookEnd::decided, LookEnd::requests, LookEnd::time, LookEnd::safety};
};

template <>
struct AllOf<RunEnd> {
  static constexpr std::array values{RunEnd::whole, RunEnd::targetFailed, RunEnd::outOfTime,
                                     RunEnd::interrupted};
};

template <>
struct AllOf<Confirmed> {
  static constexpr std::array values{Confirmed::notAsked, Confirmed::yes, Confirmed::no};
};

template <>
struct AllOf<Variation> {
  static constexpr const auto& values = kAllVariations;
};

}  // namespace leakgate
