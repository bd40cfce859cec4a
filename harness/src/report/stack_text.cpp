#include "report/stack_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "symbols/blame.hpp"
#include "symbols/function_name.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownFrames = 16;
constexpr std::size_t kFramesPastBlamed = 3;
constexpr std::size_t kNameWidth = 56;

// Names are long because of template arguments.
std::string nameOf(const Frame& frame) {
  if (frame.function.empty()) return "?";
  return frame.function.size() <= kNameWidth ? frame.function : stableName(frame.function);
}

std::string placeOf(const Frame& frame) { return placeText(frame) + (frame.inlined ? " (inlined)" : ""); }

std::size_t shownOf(std::size_t count, std::size_t blamed) {
  const std::size_t wanted = std::max(kShownFrames, blamed + 1 + kFramesPastBlamed);
  return count <= wanted + 1 ? count : wanted;  // one frame needs no more room than "1 more frame"
}

std::size_t widthOf(const std::vector<Frame>& stack, std::size_t shown) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, nameOf(stack[i]).size());
  return std::min(width, kNameWidth);
}

// The missing split debug information with the inlined functions, up to the frame to blame.
std::string missingFileOf(const std::vector<Frame>& stack, std::size_t blamed) {
  for (std::size_t i = 0; i <= blamed && i < stack.size(); ++i) {
    if (!stack[i].missingFile.empty()) return stack[i].missingFile;
  }
  return "";
}

bool moreBytes(const NamedFinding& finding) {
  return !finding.growth.bytes.empty() && finding.growth.bytes.back() > 0;
}

// Its share in the growth of all listed stacks.
double shareOf(const NamedFinding& finding, const NamedStack& stack) {
  const auto amount = [&](const NamedStack& one) {
    return static_cast<double>(moreBytes(finding) ? one.bytes.back() : one.blocks.back());
  };
  double sum = 0;
  for (const auto& one : finding.stacks) sum += amount(one);
  return sum > 0 ? amount(stack) / sum : 1;
}

}  // namespace

std::string placeText(const Frame& frame) {
  if (!frame.file.empty()) return fmt::format("{}:{}", frame.file, frame.line);
  return fmt::format("{}+{:#x}", frame.module.empty() ? "no module" : frame.module, frame.offset);
}

std::vector<std::string> stackLines(const std::vector<Frame>& stack, bool truncated) {
  std::vector<std::string> lines;
  if (stack.empty()) return lines;
  const std::size_t blamed = frameToBlame(stack);
  const std::size_t shown = shownOf(stack.size(), blamed);
  const std::size_t width = widthOf(stack, shown);
  const bool unknown = callerIsUnknown(stack, truncated);
  for (std::size_t i = 0; i < shown; ++i) {
    lines.push_back(fmt::format("{} {:<{}}  {}", i == blamed && !unknown ? "=>" : "  ", nameOf(stack[i]),
                                width, placeOf(stack[i])));
  }
  if (shown < stack.size()) lines.push_back(fmt::format("   {} more frames", stack.size() - shown));
  if (truncated)
    lines.push_back(unknown
                        ? "   its caller is not known: no unwind information (-fasynchronous-unwind-tables)"
                        : "   the rest was not unwound");
  if (const std::string missing = missingFileOf(stack, blamed); !missing.empty())
    lines.push_back("   " + missing + " could not be read: what was inlined is not known");
  return lines;
}

std::string growingLineText(const GrowingLine& line) {
  const Place& place = line.place;
  const std::string where = place.file.empty() ? "" : fmt::format(" {}:{}", place.file, place.line);
  const std::string name = place.function.empty() ? place.module : place.function;
  const std::string what = name.empty() ? "no function of the program" : name + where;
  return fmt::format("{:3.0f} %  {}{}", 100 * line.share, line.calls ? "called from " : "", what);
}

std::vector<std::string> findingStackLines(const NamedFinding& finding) {
  if (finding.stacks.empty()) return {};
  const NamedStack& largest = finding.stacks.front();
  std::vector<std::string> lines = stackLines(largest.frames, largest.truncated);
  if (finding.stackCount > 1) {
    lines.push_back(fmt::format("the largest of {} stacks, {:.0f} %; the report has {} of them",
                                finding.stackCount, 100 * shareOf(finding, largest), finding.stacks.size()));
  }
  for (const GrowingLine& line : finding.lines) lines.push_back(growingLineText(line));
  if (finding.lineCount > finding.lines.size())
    lines.push_back(fmt::format("{} more lines", finding.lineCount - finding.lines.size()));
  return lines;
}

}  // namespace leakgate
