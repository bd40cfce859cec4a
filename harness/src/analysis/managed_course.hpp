// The course of heaps that a runtime's collector owns, among the other growths of a record.
#pragma once

#include <vector>

#include "analysis/judgement.hpp"

namespace leakgate {

/// One course for each runtime that reported its heap at "warm". A reading without a collection, or with
/// another number of heaps, repeats the one before it.
std::vector<Course> managedCourses(const RunRecord& record);

/// Whether a runtime reported its heap at every checkpoint, each time the same number of heaps.
bool collectedThroughout(const RunRecord& record, Runtime runtime);

/// Drops what a collection leaves at will: `idle` keeps a value until one differs by a unit, or by the share
/// of the growth that makes a fall.
void steadyIdleHeap(Growth& growth);

/// Growth of a managed heap over the work, in proportion to it and beyond a collector's jitter.
Judgement judgeManagedWork(const Growth& growth, const GrowthTable& table);

/// Whether more work, or a rest, could decide about a managed heap that is not proved to grow: it is still
/// rising, or it goes up and down by so much that a leak could hide in it.
bool managedMayRise(const Growth& growth, const GrowthTable& table);

/// By how much a managed heap fell between checkpoints, at most.
std::int64_t largestFall(const Growth& growth);

/// Whether that is more than jitter.
bool managedHeapFalls(const Growth& growth);

}  // namespace leakgate
