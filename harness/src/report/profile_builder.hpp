// Names the stacks of profiles, and merges those that look the same.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "report/allocation_profile.hpp"
#include "report/naming.hpp"

namespace leakgate {

/// Builds a profile out of one or more replays of one target. Stacks of the same lines and scope are merged,
/// whatever their addresses: the compiler duplicates code. The same counts give the same profile. Memory:
/// names of each address once. Threads: one owner.
class ProfileBuilder {
 public:
  explicit ProfileBuilder(const Naming& naming) : naming_(remembering(naming)) {}

  /// Continues a profile: its frames and stacks keep their indexes.
  ProfileBuilder(const AllocationProfile& profile, const Naming& naming);

  /// The counts of a replay at depth stacks, unwound without a filter. What is beyond kMaxProfiledStacks of
  /// all parts together, the smallest by their share of allocations, bytes or live bytes, is in `others`.
  ProfiledPart part(const RunRecord& record);

  /// The profile of parts that this builder has made, or that were in the one it continues. The last call.
  AllocationProfile take(ProfiledPart mix, std::vector<ProfiledPart> steps);

 private:
  using FrameKey = std::tuple<std::string, std::string, unsigned, std::string, std::uint64_t>;
  using StackKey = std::tuple<std::vector<std::uint32_t>, std::string, bool>;

  static FrameKey keyOf(const Frame& frame);
  bool isFull() const { return profile_.stacks.size() >= kMaxProfiledStacks; }
  std::optional<std::vector<std::uint32_t>> frameIndexes(const std::vector<Frame>& frames);
  std::optional<std::uint32_t> stackIndex(const StackCounts& stack);

  Naming naming_;
  AllocationProfile profile_;
  std::map<FrameKey, std::uint32_t> frames_;
  std::map<StackKey, std::uint32_t> stacks_;
};

/// The profile of one replay, without steps.
AllocationProfile profileOf(const RunRecord& record, const Naming& naming);

}  // namespace leakgate
