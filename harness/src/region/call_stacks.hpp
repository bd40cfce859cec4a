// The call stacks of a target, each kept once however many sites, checkpoints and processes show it.
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

  friend auto operator<=>(const CallStack&, const CallStack&) = default;
};

/// Gives equal stacks one number. Memory: 4 bytes a frame of each distinct stack; grows with these alone.
/// Threads: one owner.
class CallStacks {
 public:
  /// Number of the stack, from 1 on. frames: not empty.
  std::uint32_t add(std::span<const CodeLocation> frames, bool truncated);

  /// Number as add() gave it.
  CallStack at(std::uint32_t number) const;
  const CodeLocation& callerOf(std::uint32_t number) const;

  std::size_t count() const { return stacks_.size(); }

 private:
  struct Entry {
    std::vector<std::uint32_t> frames;  ///< numbers of locations
    bool truncated = false;

    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  std::uint32_t numberOf(const CodeLocation& location);

  std::map<CodeLocation, std::uint32_t> locationNumbers_;
  std::vector<const CodeLocation*> locations_;  ///< keys of locationNumbers_, which stay where they are
  std::map<Entry, std::uint32_t> numbers_;
  std::vector<const Entry*> stacks_;  ///< keys of numbers_
};

}  // namespace leakgate
