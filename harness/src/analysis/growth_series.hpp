// One quantity, read at every checkpoint, and what its course says.
//
//   checkpoint     warm   block 1  block 2   block 3          block 4 ...          (extensions)
//   requests         0       N        2N        4N               8N               16N, 32N
//   leak             0       N        2N        4N               8N      proportional: linear
//   log-like         0       a       2a        3a               4a      rises in every doubling: slow
//   vector           0       b        b        2b               4b      jumps that do not shrink: stepped
//   cache            0       c        c         c                c      stopped: bounded
//
// An extension doubles the work. What a cache still lacks halves many times over meanwhile, a logarithm adds
// as much as before, and one block in 10,000 requests comes to eight at 80,000.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace leakgate {

enum class Pattern {
  flat,      ///< the same at every checkpoint
  linear,    ///< proportional to the work
  slow,      ///< goes on rising, less than the work
  stepped,   ///< goes on rising, by jumps that do not shrink (a doubling buffer)
  bounded,   ///< rose, then stopped
  oneOff,    ///< rose in one interval only
  sawtooth,  ///< rose and fell
  givenBack  ///< rose with the work, and fell back when no more was asked
};

/// A quantity above its value at "warm", one entry a checkpoint, the first 0.
using Series = std::vector<std::int64_t>;

/// Cumulative count of some event at the checkpoints, the first 0, never falling.
using Work = std::vector<std::uint64_t>;

/// Takes the value at "warm" off every entry.
void aboveWarm(Series& series);

/// Differences between neighbours: one entry fewer.
std::vector<std::int64_t> intervals(const Series& series);

/// Whether the series is floor(slope * work + phase) for some slope and phase: the course of "one unit every
/// M events", M whole or not. `unit` is the size of a step (1 block). Needs a total rise.
bool exactlyProportional(const Series& series, const Work& work, std::int64_t unit = 1);

/// The largest relative distance of an interval from proportional, beyond counting noise; below 1 the series
/// is proportional within kNearTolerance. Infinite when too little rose to say: under kNearUnits units it
/// must be far likelier to rise with the work than by as much in each interval, as first times do.
double misfit(const Series& series, const Work& work, std::int64_t unit = 1);

inline constexpr double kNearTolerance = 0.05;
inline constexpr std::int64_t kNearUnits = 256;

/// Whether there is enough of a rise for a proof: three rising intervals, the last among them, no fall to
/// speak of, and eight units.
bool risesThroughout(const Series& series, std::int64_t unit = 1);

/// The pattern by shape alone, for a series that follows no counter: everything but linear.
/// slow and stepped are given only when the rise lasted through two extensions, did not halve in the last,
/// and changed from doubling to doubling by one ratio: a cache that fills up rises by less and less. Before
/// that, see mayStillRise().
Pattern shapeOf(const Series& series);

/// Whether more work could change what is known: it rose above all earlier values in the last interval, or
/// rises by growing jumps of which one came lately.
bool mayStillRise(const Series& series);

/// Whether slow growth adds more with each doubling of the work: a root does, a logarithm adds as much each
/// time, and gets ever slower.
bool outgrowsLogarithm(const Series& series);

/// The rise of the series for each event of the work; 0 without work.
double perEvent(const Series& series, const Work& work);

/// What bytes grow by, when blocks do not: the largest size that divides every rise, if `allocations` of it
/// can have made the whole; otherwise 1. A buffer that realloc() lengthens by 64 bytes now and then: 64.
std::int64_t byteUnitOf(const Series& bytes, std::uint64_t allocations);

/// Intervals of a run that was not extended.
inline constexpr std::size_t kPlannedIntervals = 4;

/// Extensions that growth without a cause must last through, and the most that a run gets.
inline constexpr std::size_t kProofExtensions = 2;

}  // namespace leakgate
