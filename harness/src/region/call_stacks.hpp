// The call stacks of a target. Each is stored once, however many sites, checkpoints and processes have it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "region/snapshot.hpp"

namespace leakgate {

/// A stack by the places of its return addresses, innermost first.
struct CallStack {
  std::vector<CodeLocation> frames;
  bool truncated = false;  ///< the outer end is missing

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in each comparison
  friend auto operator<=>(const CallStack&, const CallStack&) = default;
};

/// Gives equal stacks one number. Memory: 4 bytes per frame of each distinct stack, nothing else. Threads:
/// one owner.
class CallStacks {
 public:
  /// Returns the number of the stack, 1 or more. frames: not empty.
  std::uint32_t add(std::span<const CodeLocation> frames, bool truncated);

  /// `number`: as returned by add().
  CallStack at(std::uint32_t number) const;
  const CodeLocation& callerOf(std::uint32_t number) const;

  std::size_t count() const { return stacks_.size(); }

 private:
  struct Entry {
    std::vector<std::uint32_t> frames;  ///< numbers of locations
    bool truncated = false;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in each comparison
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  std::uint32_t numberOf(const CodeLocation& location);

  std::map<CodeLocation, std::uint32_t> locationNumbers_;
  std::vector<const CodeLocation*> locations_;  ///< keys of locationNumbers_, which stay where they are
  std::map<Entry, std::uint32_t> numbers_;
  std::vector<const Entry*> stacks_;  ///< keys of numbers_
};

}  // namespace leakgate
