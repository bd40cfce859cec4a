// The words of a trend, the same on the terminal and on a page.
#pragma once

#include <optional>
#include <string>

#include "history/trend.hpp"

namespace leakgate {

/// "allocations_per_request at login login_app.cpp:31" of a place's or a finding's series; else its name.
std::string titleOf(const TrendSeries& series);

/// "WORSE", "BETTER", "CHANGED".
std::string wordOf(Effect effect);

/// The newest value, if any run has one.
std::optional<double> lastOf(const TrendSeries& series);

/// Of a series without a change: "exact, unchanged", "no change", "undecided, 3 more runs".
std::string steadyText(const SeriesTrend& trend);

/// "3f2a91c04b7d of 2026-11-30".
std::string commitText(const TrendRun& run);

/// "3 blocks -> 4 blocks (+33.3 %)".
std::string levelsText(double before, double after, const std::string& unit);

/// "3 blocks -> 4 blocks (+33.3 %), exact", or with the p of its test.
std::string levelsText(const LevelChange& change, const std::string& unit);

/// "between them: 3 commits that were not measured here"; "" when there is none.
std::string skippedText(const LevelChange& change);

/// "undecided: at least 2 more runs, if the level stays".
std::string undecidedText(const UndecidedChange& change);

/// "1 run", "1,234 runs".
std::string countOf(std::size_t number, const std::string& noun);

}  // namespace leakgate
