// The quantities that can grow, and their course over each part of a run: over the work, within added blocks,
// while idle, and after cool-downs.
#pragma once

#include <vector>

#include "analysis/cause.hpp"
#include "analysis/finding.hpp"
#include "analysis/site_growth.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Units of a managed heap: smaller changes are compiled code, caches and tables. A proof needs kSureUnits.
inline constexpr std::int64_t kManagedByteUnit = 32 << 10;
inline constexpr std::int64_t kManagedObjectUnit = 250;

/// One quantity of one place, of the kernel's count beyond all places, or of a managed heap, whose name is the
/// site's scope.
struct Course {
  FindingKind kind = FindingKind::heap;
  SiteGrowth site;
  bool total = false;   ///< of the whole heap: judged when the sites do not explain it
  bool beyond = false;  ///< by the kernel: beyond the shim's places; for objects, all of them
};

/// Blocks and bytes of a course above "warm", at the readings of one part of the run.
struct Readings {
  Series blocks;
  Series bytes;
};

/// A course over the whole run. A part that the run does not have is empty.
struct Growth {
  Course course;     ///< over the blocks: "warm" first
  Readings samples;  ///< within added blocks
  Readings idle;     ///< the last checkpoint of the work first
  Readings rests;    ///< before the first request, then after each cool-down
  SiteGrowth& site() { return course.site; }
  const SiteGrowth& site() const { return course.site; }

  bool isManaged() const { return course.kind == FindingKind::managed; }
  /// Whether it is judged by its blocks, or by its bytes because no block is added. A managed heap by its
  /// bytes, where the runtime counts them.
  bool byBlocks() const { return isManaged() ? site().bytes.back() == 0 : site().blocks.back() > 0; }
  /// The judged quantity: over the work, and of one of the parts above.
  const Series& judged() const { return byBlocks() ? site().blocks : site().bytes; }
  const Series& judged(const Readings& part) const { return byBlocks() ? part.blocks : part.bytes; }
  /// One unit: a block, or the size by which the bytes grow.
  std::int64_t unit() const {
    if (isManaged()) return byBlocks() ? kManagedObjectUnit : kManagedByteUnit;
    return byBlocks() ? 1 : byteUnitOf(site().bytes, site().allocations);
  }
};

/// The growths of a record, with the counts that they can follow.
struct GrowthTable {
  std::vector<Growth> growths;
  std::vector<Driver> drivers;      ///< over the blocks
  std::vector<double> sampleWork;   ///< measured requests at each of `samples`
  std::vector<double> idleSeconds;  ///< since the last checkpoint of the work, at each of `idle`; first 0
  std::vector<Driver> restDrivers;  ///< over `rests`
  double workSeconds = 0;           ///< from "warm" to the last checkpoint of the work
};

GrowthTable growthTableOf(const RunRecord& record);

/// The same when siteGrowths(record) is already computed.
GrowthTable growthTableOf(const RunRecord& record, std::vector<SiteGrowth> sites);

/// `all` without `part`, in each part of the run.
Growth without(Growth all, const Growth& part);

}  // namespace leakgate
