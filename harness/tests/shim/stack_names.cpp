#include "stack_names.hpp"

#include <algorithm>
#include <filesystem>

#include "region/call_stacks.hpp"
#include "symbols/symbolizer.hpp"

namespace leakgate {

Names namesOf(const MemorySnapshot& snapshot, std::uint32_t stack) {
  static Symbolizer symbolizer;
  if (stack == 0) return {};
  Names names;
  for (const CodeLocation& place : snapshot.stacks->at(stack).frames) {
    const std::string file = std::filesystem::path(place.module).filename();
    const bool own = file.find("shim_") == 0 || file.find("libshim_") == 0;
    const std::string name = own ? symbolizer.frames(place).back().function : file;
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

bool startsWith(const Names& names, const Names& start) {
  return names.size() >= start.size() && std::equal(start.begin(), start.end(), names.begin());
}

std::string textOf(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += name + " < ";
  return text;
}

}  // namespace leakgate
