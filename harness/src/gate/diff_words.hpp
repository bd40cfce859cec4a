// What all texts about a diff say alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/report_diff.hpp"

namespace leakgate {

/// "+0.7 %"; "from 0", since there is no percentage from zero; "" without a difference.
std::string difference(const MetricChange& change);

/// A count that varies on either side is compared as a spread.
MetricKind kindOf(const MetricChange& change);

/// The counts that changed, what got worse first. Lifetime: points into the comparison.
std::vector<const MetricChange*> judgedChanges(const Comparison& comparison);

/// Sampled metrics that differ: one run of each build says little about them, see kNotJudged.
std::vector<const MetricChange*> shownChanges(const Comparison& comparison);

inline constexpr std::string_view kNotJudged =
    "Not judged, one run of each build proves nothing about times, CPU and RSS:";

/// "new", "grew", "shrank", "gone", "same"; "renamed" for a finding that differs by its place alone.
std::string_view changeWord(const FindingChange& change);

/// The same without "renamed".
std::string_view fateWord(FindingChange::Fate fate);

/// The finding's line, that of the older report if it is gone.
std::string lineOf(const FindingChange& change);

/// "was LEAK  store::save ...; the stacks are 95 % alike". "" if nothing but the report changed.
std::string earlierText(const FindingChange& change);

/// Whether it differs by its amount or by its place.
bool isWorthALine(const FindingChange& change);

/// "login  notes.cpp:42 (new)", "store::saveNote  store.cpp:12 (was store::save, 95 % alike)".
std::string placeText(const PlaceChange& change);

/// "login: worse than before", "login: no regression".
std::string headline(const ReportDiff& diff, const std::string& scenario);

}  // namespace leakgate
