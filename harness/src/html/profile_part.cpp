#include "html/profile_part.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "html/flame_graph.hpp"
#include "html/report_trees.hpp"
#include "html/stack_list.hpp"
#include "report/finding_text.hpp"
#include "report/stack_text.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownStacks = 12;
constexpr std::size_t kShownSteps = 16;

std::string nameOf(const std::vector<Frame>& frames) {
  if (frames.empty()) return "no stack";
  const Frame& frame = frames[frameToBlame(frames)];
  return (frame.function.empty() ? "?" : frame.function) + " " + placeText(frame);
}

// "3 allocations, 51 B per request: login src/login.cpp:12; 100 % freed in the same block of requests".
std::string summaryOf(const AllocationCounts& counts, double requests, const std::vector<Frame>& frames) {
  const auto all = static_cast<double>(std::max<std::uint64_t>(1, counts.allocations));
  return fmt::format(
      "{:.4g} allocations, {:.4g} B per request: {}; {:.0f} % freed in the same block of requests",
      static_cast<double>(counts.allocations) / requests, static_cast<double>(counts.bytes) / requests,
      nameOf(frames), 100 * static_cast<double>(counts.freedInBlock) / all);
}

void addStacks(Markup& markup, const AllocationProfile& profile, const ProfiledPart& part) {
  const double requests = static_cast<double>(std::max<std::uint64_t>(1, part.requests));
  for (std::size_t i = 0; i < std::min(kShownStacks, part.stacks.size()); ++i) {
    const ProfiledStack& stack = profile.stacks[part.stacks[i].stack];
    const std::vector<Frame> frames = framesOf(profile, stack);
    const auto details = markup.open("details");
    markup.element("summary", summaryOf(part.stacks[i].counts, requests, frames));
    addStackList(markup, frames, stack.truncated);
  }
  const std::uint64_t others =
      part.otherStacks + part.stacks.size() - std::min(kShownStacks, part.stacks.size());
  if (others > 0)
    markup.element("p", fmt::format("{} more stacks are in the report.",
                                    withThousands(static_cast<std::int64_t>(others))));
}

void addPart(Markup& markup, const AllocationProfile& profile, const ProfiledPart& part,
             const std::string& title, std::size_t maxNodes) {
  addFlameGraph(markup, allocationTree(profile, part), {title, "", false, maxNodes});
  addStacks(markup, profile, part);
}

}  // namespace

void addProfile(Markup& markup, const AllocationProfile& profile) {
  addPart(markup, profile, profile.mix, "Allocations per request, all steps mixed", kMaxFlameNodes);
  const std::size_t shown = std::min(kShownSteps, profile.steps.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const ProfiledPart& step = profile.steps[i];
    const auto details = markup.open("details");
    markup.element("summary", fmt::format("Step {} alone: {}", step.step,
                                          step.problem.empty() ? step.responses : step.problem));
    addPart(markup, profile, step, "Allocations per request of step " + step.step, kMaxFlameNodes / shown);
  }
}

}  // namespace leakgate
