// Numbers for the functions of two builds' call stacks, the same for a function before and after a rename.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "symbols/frame.hpp"

namespace leakgate {

/// A function's number. Stacks are compared by these.
using NameId = std::uint32_t;

/// The functions of one stack, innermost first; recursion counts once.
using NameStack = std::vector<NameId>;

/// Interns the functions of stacks by their stable names, and finds out which were renamed.
///
/// Lifetime: the frames that are added must outlive it. Threads: one owner.
class FrameNames {
 public:
  enum class Build : std::uint8_t { before, after };

  /// Adds a stack's functions to those of a build.
  NameStack add(Build build, std::span<const Frame> frames);

  /// Finds renames among the functions of these stacks, which have no partner yet; the newer stacks then hold
  /// the number of the older name. Returns how many there were.
  std::size_t mergeRenamed(const std::vector<NameStack*>& before, const std::vector<NameStack*>& after);

  std::size_t count() const { return names_.size(); }

  /// What stands beside a function in a stack.
  struct Neighbour {
    bool callee = false;  ///< else its caller
    NameId name = 0;

    friend bool operator==(const Neighbour&, const Neighbour&) = default;
    friend bool operator<(const Neighbour& a, const Neighbour& b) {
      return a.callee != b.callee ? a.callee < b.callee : a.name < b.name;
    }
  };
  using Neighbours = std::map<NameId, std::set<Neighbour>>;

 private:
  struct Name {
    std::string text;
    std::string file;  ///< without directories; "" when unknown
    bool before = false;
    bool after = false;
  };
  struct Rename {
    double similarity = 0;
    NameId from = 0;
    NameId to = 0;
  };

  NameId idOf(const Frame& frame);
  std::vector<Rename> likelyRenames(const Neighbours& vanished, const Neighbours& appeared) const;
  double likeness(NameId a, NameId b, bool alone) const;

  std::unordered_map<std::string_view, NameId> spellings_;  ///< as in the frames
  std::unordered_map<std::string, NameId> ids_;             ///< by stable name
  std::vector<Name> names_;
};

/// How similar two names are: 1 equal, 0 without a common pair of characters. Dice's coefficient of their
/// character bigrams.
double nameSimilarity(std::string_view a, std::string_view b);

}  // namespace leakgate
