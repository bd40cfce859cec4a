#include "gate/stack_change_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "report/stack_text.hpp"
#include "report/table.hpp"
#include "symbols/blame.hpp"

namespace leakgate {

namespace {

using StackFate = StackChange::Fate;
using Json = nlohmann::ordered_json;

std::string amountText(double blocks, double bytes) {
  return fmt::format("{:+.3f} blocks, {:+.0f} B", blocks, bytes);
}

std::string titleOf(const PartChanges& part) {
  return fmt::format("Allocations by call stack{}: {} per request",
                     part.step.empty() ? "" : ", step " + part.step + " alone",
                     amountText(part.blocksAdded(), part.bytesAdded()));
}

// Below this it is one allocation in all requests, or rounding.
bool matters(double blocks, double bytes) { return std::abs(blocks) >= 0.0005 || std::abs(bytes) >= 0.5; }

// A stack that only moved allocates as before.
std::vector<const StackChange*> countedIn(const PartChanges& part) {
  std::vector<const StackChange*> counted;
  for (const StackChange& change : part.stacks)
    if (change.fate != StackFate::moved) counted.push_back(&change);
  return counted;
}

// Those that changed most, whether more or less; what got worse first.
std::vector<const StackChange*> shownOf(const PartChanges& part) {
  std::vector<const StackChange*> counted = countedIn(part);
  std::erase_if(counted, [](const StackChange* change) {
    return !matters(change->blocksAdded(), change->bytesAdded());
  });
  if (counted.size() <= kShownStackChanges) return counted;
  std::stable_sort(counted.begin(), counted.end(), [](const StackChange* a, const StackChange* b) {
    return std::abs(a->blocksAdded()) > std::abs(b->blocksAdded());
  });
  counted.resize(kShownStackChanges);
  std::stable_sort(counted.begin(), counted.end(), [](const StackChange* a, const StackChange* b) {
    return a->blocksAdded() > b->blocksAdded();
  });
  return counted;
}

struct Rest {
  std::size_t stacks = 0;
  double blocks = 0;
  double bytes = 0;
};

Rest restOf(const PartChanges& part, const std::vector<const StackChange*>& shown) {
  Rest rest;
  for (const StackChange* change : countedIn(part)) {
    if (std::find(shown.begin(), shown.end(), change) != shown.end()) continue;
    ++rest.stacks;
    rest.blocks += change->blocksAdded();
    rest.bytes += change->bytesAdded();
  }
  return rest;
}

std::size_t movedIn(const PartChanges& part) { return part.stacks.size() - countedIn(part).size(); }

bool anyOthers(const PartChanges& part) { return matters(part.others.blocks, part.others.bytes); }

bool isEmpty(const PartChanges& part) {
  return shownOf(part).empty() && movedIn(part) == 0 && !anyOthers(part);
}

std::string similarText(const StackChange& change) {
  return change.similarity < 1 ? fmt::format("; {:.0f} % alike", 100 * change.similarity) : "";
}

std::string changeText(const StackChange& change) {
  std::string text = fmt::format("{:<7} {} ({:.3f} blocks, was {:.3f}{}){}\n", toString(change.fate),
                                 amountText(change.blocksAdded(), change.bytesAdded()), change.after.blocks,
                                 change.before.blocks, similarText(change),
                                 change.scope.empty() ? "" : " in scope " + change.scope);
  for (const std::string& line : stackLines(change.frames, change.truncated))
    text += "            " + line + "\n";
  return text;
}

std::string frameText(const Frame& frame) {
  return (frame.function.empty() ? "?" : frame.function) + "  " + placeText(frame);
}

std::string shortStack(const StackChange& change) {
  if (change.frames.empty()) return "?";
  const std::size_t blamed = frameToBlame(change.frames);
  const std::size_t caller = callerOf(change.frames, blamed);
  std::string text = frameText(change.frames[blamed]);
  if (caller < change.frames.size()) text += ", from " + frameText(change.frames[caller]);
  return text;
}

Json frameJson(const Frame& frame) {
  return {{"function", frame.function}, {"file", frame.file}, {"line", frame.line}, {"module", frame.module}};
}

Json rateJson(const AllocationRate& rate) { return {{"blocks", rate.blocks}, {"bytes", rate.bytes}}; }

}  // namespace

std::string stackChangesText(const PartChanges& part) {
  if (isEmpty(part)) return "";
  const auto shown = shownOf(part);
  std::string text = titleOf(part) + "\n";
  for (const StackChange* change : shown) text += changeText(*change);
  const Rest rest = restOf(part, shown);
  if (matters(rest.blocks, rest.bytes))
    text += fmt::format("        {} more stacks: {}\n", rest.stacks, amountText(rest.blocks, rest.bytes));
  if (anyOthers(part))
    text += fmt::format("        at no known stack: {}\n", amountText(part.others.blocks, part.others.bytes));
  if (const std::size_t moved = movedIn(part); moved > 0)
    text += fmt::format("moved   {} {} with the same allocations: renamed, inlined or moved\n", moved,
                        moved == 1 ? "stack" : "stacks");
  return text;
}

std::string stackChangesMarkdown(const PartChanges& part) {
  if (isEmpty(part)) return "";
  Table table({{""}, {"blocks/request", Align::right}, {"bytes/request", Align::right}, {"stack"}});
  const auto add = [&](std::string_view word, double blocks, double bytes, std::string what) {
    table.add(
        {std::string(word), fmt::format("{:+.3f}", blocks), fmt::format("{:+.0f}", bytes), std::move(what)});
  };
  const auto shown = shownOf(part);
  for (const StackChange* change : shown)
    add(toString(change->fate), change->blocksAdded(), change->bytesAdded(), shortStack(*change));
  const Rest rest = restOf(part, shown);
  if (matters(rest.blocks, rest.bytes))
    add("", rest.blocks, rest.bytes, fmt::format("{} more stacks", rest.stacks));
  if (anyOthers(part)) add("", part.others.blocks, part.others.bytes, "at no known stack");
  if (const std::size_t moved = movedIn(part); moved > 0)
    add("moved", 0, 0, fmt::format("{} stacks: renamed, inlined or moved", moved));
  return "#### " + titleOf(part) + "\n\n" + table.markdown();
}

Json stackChangesJson(const PartChanges& part) {
  Json json{{"step", part.step},
            {"before", rateJson(part.before)},
            {"after", rateJson(part.after)},
            {"others_added", rateJson(part.others)},
            {"changes", Json::array()}};
  for (const StackChange& change : part.stacks) {
    Json one{{"change", toString(change.fate)},
             {"fingerprint", change.fingerprint},
             {"scope", change.scope},
             {"similarity", change.similarity},
             {"before", rateJson(change.before)},
             {"after", rateJson(change.after)},
             {"truncated", change.truncated},
             {"frames", Json::array()}};
    for (const Frame& frame : change.frames) one["frames"].push_back(frameJson(frame));
    json["changes"].push_back(std::move(one));
  }
  return json;
}

}  // namespace leakgate
