#include "symbols/blame.hpp"

#include <algorithm>
#include <string_view>

#include "symbols/function_name.hpp"
#include "symbols/owner.hpp"

namespace leakgate {

namespace {

template <class Wanted>
std::size_t innermost(const std::vector<Frame>& stack, Wanted wanted) {
  return static_cast<std::size_t>(std::find_if(stack.begin(), stack.end(), wanted) - stack.begin());
}

}  // namespace

std::size_t frameToBlame(const std::vector<Frame>& stack) {
  const std::size_t own =
      innermost(stack, [](const Frame& frame) { return ownerOf(frame) == Owner::user && !frame.allocates; });
  if (own < stack.size()) return own;
  for (const Owner owner : {Owner::user, Owner::library}) {
    const std::size_t found = innermost(stack, [&](const Frame& frame) { return ownerOf(frame) == owner; });
    if (found < stack.size()) return found;
  }
  const std::size_t named = innermost(
      stack, [](const Frame& frame) { return !frame.function.empty() && !isLibraryName(frame.function); });
  return named < stack.size() ? named : 0;
}

std::size_t callerOf(const std::vector<Frame>& stack, std::size_t frame) {
  for (std::size_t i = frame + 1; i < stack.size(); ++i) {
    if (ownerOf(stack[i]) == Owner::user && stack[i].function != stack[frame].function) return i;
  }
  return stack.size();
}

std::size_t allocatorBelow(const std::vector<Frame>& stack, std::size_t blamed) {
  for (std::size_t i = std::min(blamed, stack.size()); i-- > 0;) {
    if (ownerOf(stack[i]) == Owner::user && stack[i].allocates) return i;
  }
  return stack.size();
}

bool callerIsUnknown(const std::vector<Frame>& stack, bool truncated) {
  // A stack that was cut because of its length has many return addresses.
  constexpr std::size_t kFewFrames = 48;
  const bool othersOnly = std::all_of(stack.begin(), stack.end(),
                                      [](const Frame& frame) { return ownerOf(frame) == Owner::runtime; });
  return truncated && othersOnly && !stack.empty() && stack.size() < kFewFrames;
}

std::string libraryBelow(const std::vector<Frame>& stack, std::size_t blamed) {
  const std::size_t found =
      innermost(stack, [](const Frame& frame) { return ownerOf(frame) != Owner::runtime; });
  if (found >= blamed || blamed >= stack.size()) return "";
  const Frame& frame = stack[found];
  if (!frame.file.empty() || frame.module == stack[blamed].module) return "";
  const std::size_t version = frame.module.find(".so.");
  return frame.module.substr(0, version == std::string::npos ? version : version + 3);
}

}  // namespace leakgate
