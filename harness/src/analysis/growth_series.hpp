// Judges the course of one quantity over the checkpoints.
//
//   checkpoint     warm   block 1  block 2   block 3          block 4 ...          (extensions)
//   requests         0       N        2N        4N               8N               16N, 32N
//   leak             0       N        2N        4N               8N      proportional: linear
//   log-like         0       a       2a        3a               4a      rises in every doubling: slow
//   vector           0       b        b        2b               4b      jumps that do not shrink: stepped
//   cache            0       c        c         c                c      stopped: bounded
//
// An extension doubles the work. Meanwhile the free part of a cache halves many times, a logarithm adds as
// much as before, and one block in 10,000 requests has become eight at 80,000.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace leakgate {

/// Falls below this share of the rise are noise.
inline constexpr double kFallShare = 0.05;

/// The least rise for a proof, in units.
inline constexpr std::int64_t kSureUnits = 8;

enum class Pattern {
  flat,      ///< the same at every checkpoint
  linear,    ///< proportional to the work
  slow,      ///< keeps rising, less than the work
  stepped,   ///< keeps rising, in jumps that do not shrink (a doubling buffer)
  bounded,   ///< rose, then stopped
  oneOff,    ///< rose in one interval only
  sawtooth,  ///< rose and fell
  givenBack  ///< rose with the work, and fell back without requests
};

/// A quantity above its value at "warm", one entry per checkpoint, the first 0.
using Series = std::vector<std::int64_t>;

/// Cumulative count of some event at the checkpoints, the first 0, never decreasing.
using Work = std::vector<std::uint64_t>;

/// Subtracts the value at "warm" from every entry.
void aboveWarm(Series& series);

/// Differences between neighbours: one entry fewer.
std::vector<std::int64_t> intervals(const Series& series);

/// Whether the series is floor(slope * work + phase) for some slope and phase: the course of "one unit every
/// M events", M whole or not. `unit` is the size of a step (1 block). Needs a total rise.
bool exactlyProportional(const Series& series, const Work& work, std::int64_t unit = 1);

/// The largest relative distance of an interval from proportional, beyond counting noise; below 1 the series
/// is proportional within kNearTolerance. Infinite when the rise is too small to decide: under kNearUnits
/// units a rise with the work must be far likelier than an equal rise in each interval, as of first
/// allocations.
double misfit(const Series& series, const Work& work, std::int64_t unit = 1);

inline constexpr double kNearTolerance = 0.05;
inline constexpr std::int64_t kNearUnits = 256;

/// Whether the rise is enough for a proof: three rising intervals, including the last, no fall beyond noise,
/// and eight units.
bool risesThroughout(const Series& series, std::int64_t unit = 1);

/// The pattern by shape alone, for a series that follows no counter: everything but linear. Returns slow and
/// stepped only when the rise lasted through two extensions, did not halve in the last, and changed from
/// doubling to doubling by one ratio: a cache that fills up rises by less and less. Before that, see
/// mayStillRise().
Pattern shapeOf(const Series& series);

/// Whether more work could change the result: it rose above all earlier values in the last interval, or rises
/// in growing jumps with a recent one.
bool mayStillRise(const Series& series);

/// Whether slow growth adds more with each doubling of the work: a root does; a logarithm adds the same each
/// time, so it gets ever slower.
bool outgrowsLogarithm(const Series& series);

/// The rise of the series for each event of the work; 0 without work.
double perEvent(const Series& series, const Work& work);

/// The unit by which bytes grow when blocks do not: the largest size that divides every rise, if
/// `allocations` of it can explain the whole; otherwise 1. For a buffer that realloc() extends by 64 bytes at
/// times: 64.
std::int64_t byteUnitOf(const Series& bytes, std::uint64_t allocations);

/// Intervals of a run that was not extended.
inline constexpr std::size_t kPlannedIntervals = 4;

/// Extensions that growth without a cause must last through, and the most that a run gets.
inline constexpr std::size_t kProofExtensions = 2;

}  // namespace leakgate
