#include "report/profile_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "report/finding_text.hpp"
#include "report/profile_tree.hpp"
#include "report/request_cost_text.hpp"
#include "report/stack_text.hpp"
#include "report/table.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kNameColumns = 30;
constexpr std::size_t kPlaceColumns = 36;
constexpr std::size_t kCallerColumns = 28;
constexpr std::size_t kStepColumns = 18;

double percent(std::uint64_t part, std::uint64_t total) {
  return total == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(total);
}

std::string thousands(std::uint64_t number) { return withThousands(static_cast<std::int64_t>(number)); }

std::string liveText(std::int64_t bytes) {
  return bytes < 0 ? "-" : perRequestText(static_cast<std::uint64_t>(bytes), 1);
}

std::string nameText(const Frame& frame) { return frame.function.empty() ? "?" : frame.function; }

std::vector<ProfiledCounts> ordered(const ProfiledPart& part, ProfileBy by) {
  std::vector<ProfiledCounts> rows = part.stacks;
  std::stable_sort(rows.begin(), rows.end(), [&](const ProfiledCounts& a, const ProfiledCounts& b) {
    return amountOf(a.counts, by) > amountOf(b.counts, by);
  });
  std::erase_if(rows, [&](const ProfiledCounts& row) { return amountOf(row.counts, by) == 0; });
  return rows;
}

// The numbers of a row, 50 columns.
std::string numbers(const AllocationCounts& counts, const ProfiledPart& part, ProfileBy by) {
  return fmt::format("{:>10} {:>10} {:>10} {:>5.1f} %  {:<7} ",
                     perRequestText(counts.allocations, part.requests),
                     perRequestText(counts.bytes, part.requests), liveText(counts.liveBytes),
                     percent(amountOf(counts, by), amountOf(part.total, by)), lifetimeOf(counts));
}

// The line to blame and its caller, then where they are.
std::string rowText(const AllocationProfile& profile, const ProfiledPart& part, const ProfiledCounts& row,
                    ProfileBy by) {
  const std::vector<Frame> frames = framesOf(profile, profile.stacks[row.stack]);
  if (frames.empty()) return numbers(row.counts, part, by) + "?\n";
  const std::size_t blamed = frameToBlame(frames);
  const std::size_t caller = callerOf(frames, blamed);
  std::string text = numbers(row.counts, part, by) + shortened(nameText(frames[blamed]), kNameColumns);
  text += "\n      at " + shortened(placeText(frames[blamed]), kPlaceColumns);
  if (caller < frames.size()) text += ", from " + shortened(placeText(frames[caller]), kCallerColumns);
  return text + "\n";
}

std::string listText(const AllocationProfile& profile, const ProfiledPart& part,
                     const ProfileTextOptions& options) {
  std::string text = fmt::format("{:>10} {:>10} {:>10} {:>7}  {:<7} {}\n", "allocs/req", "bytes/req",
                                 "live bytes", "share", "then", "function");
  const auto rows = ordered(part, options.by);
  for (std::size_t k = 0; k < std::min(options.top, rows.size()); ++k)
    text += rowText(profile, part, rows[k], options.by);
  return text;
}

// What the shown rows cover.
std::string coverText(const ProfiledPart& part, const ProfileTextOptions& options) {
  const auto rows = ordered(part, options.by);
  const std::size_t shown = std::min(options.top, rows.size());
  std::uint64_t covered = 0;
  for (std::size_t k = 0; k < shown; ++k) covered += amountOf(rows[k].counts, options.by);
  const std::size_t stacks = rows.size() + part.otherStacks;
  const double share = percent(covered, amountOf(part.total, options.by));
  const std::string_view unit = options.by == ProfileBy::live ? "live bytes" : toString(options.by);
  if (options.tree) return fmt::format("by {}, {} stacks\n", unit, thousands(stacks));
  return fmt::format("by {}: {} of {} stacks, {:.1f} % of the total\n", unit, thousands(shown),
                     thousands(stacks), share);
}

std::string totalText(const ProfiledPart& part) {
  const AllocationCounts& total = part.total;
  const auto each = [&](std::uint64_t amount) { return perRequestText(amount, part.requests); };
  std::string text = fmt::format("  requests     {} ({})\n", thousands(part.requests), part.responses);
  text += fmt::format("  allocations  {} per request, {} B\n", each(total.allocations), each(total.bytes));
  text += fmt::format("  then         {} freed in their block of requests, {} later, {} kept\n",
                      each(total.freedInBlock), each(total.freedLater), each(total.kept()));
  text += fmt::format("  live         {} blocks, {} B at the end\n", withThousands(total.liveBlocks),
                      withThousands(total.liveBytes));
  const AllocationCounts& others = part.others;
  if (others.allocations > 0) {
    text += fmt::format("  others       {:.2g} % of the allocations are of no listed stack\n",
                        percent(others.allocations, total.allocations));
  }
  return text;
}

std::string heaviestName(const AllocationProfile& profile, const ProfiledPart& part, ProfileBy by) {
  const auto rows = ordered(part, by);
  if (rows.empty()) return "-";
  const std::vector<Frame> frames = framesOf(profile, profile.stacks[rows.front().stack]);
  return frames.empty() ? "?" : nameText(frames[frameToBlame(frames)]);
}

// A line for each step alone.
std::string stepsText(const AllocationProfile& profile, ProfileBy by) {
  if (profile.steps.empty()) return "";
  Table table({{"  step"},
               {"allocs/req", Align::right},
               {"bytes/req", Align::right},
               {"kept/req", Align::right},
               {"most by"}});
  std::string problems;
  for (const ProfiledPart& part : profile.steps) {
    const std::string step = shortened(part.step, kStepColumns);
    if (!part.problem.empty()) problems += fmt::format("  {}: {}\n", step, part.problem);
    if (part.requests == 0) continue;
    table.add({"  " + step, perRequestText(part.total.allocations, part.requests),
               perRequestText(part.total.bytes, part.requests),
               perRequestText(part.total.kept(), part.requests),
               shortened(heaviestName(profile, part, by), 80 - 2 - kStepColumns - 3 * 12 - 2)});
  }
  return "\neach step alone, in a new process\n" + table.text() + problems;
}

}  // namespace

std::string_view toString(ProfileBy by) {
  switch (by) {
    case ProfileBy::allocations:
      return "allocations";
    case ProfileBy::bytes:
      return "bytes";
    case ProfileBy::live:
      return "live";
  }
  return "";
}

std::string_view lifetimeOf(const AllocationCounts& counts) {
  if (counts.allocations == 0) return "-";
  if (counts.freedInBlock == counts.allocations) return "freed";
  if (counts.freedLater == counts.allocations) return "later";
  return counts.kept() == counts.allocations ? "kept" : "mixed";
}

std::uint64_t amountOf(const AllocationCounts& counts, ProfileBy by) {
  if (by == ProfileBy::allocations) return counts.allocations;
  if (by == ProfileBy::bytes) return counts.bytes;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(counts.liveBytes, 0));
}

std::string perRequestText(std::uint64_t amount, std::uint64_t requests) {
  if (amount == 0 || requests == 0) return "0";
  const double each = static_cast<double>(amount) / static_cast<double>(requests);
  if (each >= 1e10) return fmt::format("{:.1f} G", each / 1e9);
  if (each >= 1e7) return fmt::format("{:.1f} M", each / 1e6);
  if (amount % requests == 0) return thousands(amount / requests);
  if (each >= 1000) return thousands(static_cast<std::uint64_t>(each + 0.5));
  return each >= 1 ? fmt::format("{:.3f}", each) : fmt::format("{:.3g}", each);
}

std::string shortened(const std::string& name, std::size_t columns) {
  constexpr std::string_view kCut = "...";
  if (name.size() <= columns) return name;
  if (columns <= kCut.size()) return name.substr(0, columns);
  std::size_t start = name.size() - (columns - kCut.size());
  while (start < name.size() && (static_cast<unsigned char>(name[start]) & 0xC0) == 0x80) ++start;
  return std::string(kCut) + name.substr(start);
}

const ProfiledPart* findPart(const AllocationProfile& profile, std::string_view step) {
  if (step.empty()) return &profile.mix;
  for (const ProfiledPart& part : profile.steps) {
    if (part.step == step) return &part;
  }
  return nullptr;
}

std::string profileText(const Report& report, const ProfileTextOptions& options) {
  const AllocationProfile& profile = *report.profile;
  const ProfiledPart& part = *findPart(profile, options.step);
  const bool several = report.scenario.steps.size() > 1;
  const std::string what = !options.step.empty() ? ", step " + options.step + " alone"
                           : several             ? ", all steps mixed"
                                                 : "";
  std::string text = "PROFILE  " + report.scenario.name + what + "\n" + totalText(part);
  if (options.step.empty()) text += kernelLine(report);
  text += "\n";
  text += coverText(part, options);
  text += options.tree ? profileTree(profile, part, options) : listText(profile, part, options);
  if (options.step.empty())
    text += stepsText(profile, options.by) + instructionText(report, options.top) +
            systemCallText(report, options.top);
  return text;
}

}  // namespace leakgate
