#include "report/naming.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "report/hash.hpp"
#include "symbols/blame.hpp"
#include "symbols/function_name.hpp"
#include "symbols/module_name.hpp"

namespace leakgate {

namespace {

void shorten(std::string& file, const std::string& root) {
  if (!root.empty() && file.size() > root.size() && file.rfind(root + "/", 0) == 0)
    file.erase(0, root.size() + 1);
}

}  // namespace

Naming remembering(const Naming& naming) {
  auto known = std::make_shared<std::map<CodeLocation, std::vector<Frame>>>();
  Naming fast = naming;
  fast.framesOf = [known, ask = naming.framesOf](const CodeLocation& location) {
    const auto at = known->find(location);
    return at != known->end() ? at->second : known->emplace(location, ask(location)).first->second;
  };
  return fast;
}

std::vector<Frame> namedFrames(const CodeLocation& location, const Naming& naming) {
  if (location.module.empty() || !naming.framesOf) return {};
  auto frames = naming.framesOf(location);
  for (auto& frame : frames) shorten(frame.file, naming.sourceRoot);
  return frames;
}

std::vector<Frame> namedFrames(const CallStack& stack, const Naming& naming) {
  std::vector<Frame> frames;
  for (const CodeLocation& location : stack.frames) {
    auto named = namedFrames(location, naming);
    if (named.empty()) named.emplace_back().offset = location.offset;  // code in no file
    frames.insert(frames.end(), named.begin(), named.end());
  }
  return frames;
}

Place placeOf(const std::vector<Frame>& stack, const std::string& scope) {
  Place place;
  place.scope = scope;
  if (stack.empty()) return place;
  const Frame& blamed = stack[frameToBlame(stack)];
  place.function = blamed.function;
  place.file = blamed.file;
  place.line = blamed.line;
  place.module = blamed.module;
  return place;
}

bool sameLines(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Frame& x, const Frame& y) {
    return x.function == y.function && x.file == y.file && x.line == y.line && x.module == y.module;
  });
}

std::string stackFingerprint(const std::vector<Frame>& stack) {
  std::vector<std::string> names;
  for (const Frame& frame : stack) {
    std::string name =
        frame.function.empty() ? std::string(withoutVersion(frame.module)) : stableName(frame.function);
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return hashOf(names);
}

}  // namespace leakgate
