#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "leakgate/testing.hpp"
#include "region/call_stacks.hpp"
#include "report/naming.hpp"
#include "report/stack_text.hpp"
#include "symbols/symbolizer.hpp"
#include "testing/own_counting.hpp"

namespace leakgate::testing {

namespace {

constexpr std::size_t kBlocks = 3;

struct Live {
  std::int64_t blocks = 0;
  std::int64_t bytes = 0;
};

/// By the number of its stack; 0: by the caller alone.
using Place = std::pair<std::uint32_t, CodeLocation>;

struct Counts {
  std::uint64_t allocations = 0;
  std::uint64_t allocatedBytes = 0;
  Live live;
  std::map<Place, Live> places;
};

Counts countsOf(const MemorySnapshot& snapshot) {
  Counts counts;
  for (const SiteRow& row : snapshot.sites) {
    if (row.scope == gReadingScope.name) continue;
    const Live live{static_cast<std::int64_t>(row.allocations - row.frees),
                    static_cast<std::int64_t>(row.allocatedBytes - row.freedBytes)};
    counts.allocations += row.allocations;
    counts.allocatedBytes += row.allocatedBytes;
    for (Live* sum : {&counts.live, &counts.places[{row.stack, row.caller}]}) {
      sum->blocks += live.blocks;
      sum->bytes += live.bytes;
    }
  }
  return counts;
}

using Checkpoints = std::array<Counts, kBlocks + 1>;

Live liveAt(const Counts& counts, const Place& place) {
  const auto found = counts.places.find(place);
  return found == counts.places.end() ? Live{} : found->second;
}

// In the last block and in another one: a single rise is not growth.
bool rises(const Checkpoints& checkpoints, const Place& place) {
  std::size_t risen = 0;
  bool last = false;
  for (std::size_t k = 1; k < checkpoints.size(); ++k) {
    const Live before = liveAt(checkpoints[k - 1], place);
    const Live now = liveAt(checkpoints[k], place);
    last = now.blocks > before.blocks || now.bytes > before.bytes;
    risen += last ? 1 : 0;
  }
  return last && risen >= 2;
}

std::vector<std::string> namedLines(const Place& place, const CallStacks* stacks) {
  static Symbolizer symbolizer;
  const Naming naming{[](const CodeLocation& location) { return symbolizer.frames(location); }, ""};
  if (place.first == 0 || stacks == nullptr) return stackLines(namedFrames(place.second, naming), true);
  const CallStack stack = stacks->at(place.first);
  auto frames = namedFrames(stack, naming);
  const auto measuring = std::find_if(frames.begin(), frames.end(), [](const Frame& frame) {
    return frame.function.starts_with("leakgate::testing::");
  });
  const bool truncated = stack.truncated && measuring == frames.end();
  frames.erase(measuring, frames.end());
  return stackLines(frames, truncated);
}

std::vector<GrowingStack> growingStacks(const Checkpoints& checkpoints, const CallStacks* stacks,
                                        double calls) {
  std::vector<std::pair<Live, Place>> grown;
  for (const auto& [place, last] : checkpoints.back().places) {
    const Live first = liveAt(checkpoints.front(), place);
    if (rises(checkpoints, place))
      grown.push_back({{last.blocks - first.blocks, last.bytes - first.bytes}, place});
  }
  std::stable_sort(grown.begin(), grown.end(),
                   [](const auto& a, const auto& b) { return a.first.bytes > b.first.bytes; });
  if (grown.size() > kMaxStacks) grown.resize(kMaxStacks);
  std::vector<GrowingStack> growing;
  for (const auto& [live, place] : grown) {
    growing.push_back({static_cast<double>(live.blocks) / calls, static_cast<double>(live.bytes) / calls,
                       namedLines(place, stacks)});
  }
  return growing;
}

}  // namespace

// Not in the anonymous namespace: its name separates the measuring frames from the program's.
static void repeat(const std::function<void()>& iteration, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) iteration();
}

bool available() { return OwnCounting::instance() != nullptr; }

Measurement measure(const std::function<void()>& iteration, Repetitions repetitions) {
  if (repetitions.measured < 4) throw std::invalid_argument("Repetitions::measured: at least 4");
  OwnCounting* const counting = OwnCounting::instance();
  if (counting == nullptr) {
    throw std::logic_error(
        "allocations cannot be counted: link leakgate::testing first, without a sanitizer and not under "
        "leakgate");
  }
  const std::size_t quarter = repetitions.measured / 4;
  const std::array<std::size_t, kBlocks> blocks{quarter, quarter, repetitions.measured - 2 * quarter};

  repeat(iteration, repetitions.warmup);
  Checkpoints checkpoints;
  MemorySnapshot snapshot;
  const auto take = [&](Counts& into) {
    const h3::AllocScope scope(gReadingScope);
    snapshot = counting->read();
    into = countsOf(snapshot);
  };
  take(checkpoints[0]);
  for (std::size_t k = 0; k < kBlocks; ++k) {
    repeat(iteration, blocks[k]);
    take(checkpoints[k + 1]);
  }

  const h3::AllocScope scope(gReadingScope);
  const Counts& first = checkpoints.front();
  const Counts& last = checkpoints.back();
  const auto calls = static_cast<double>(repetitions.measured);
  Measurement measurement;
  measurement.repetitions = repetitions;
  measurement.allocationsPerIteration = static_cast<double>(last.allocations - first.allocations) / calls;
  measurement.allocatedBytesPerIteration =
      static_cast<double>(last.allocatedBytes - first.allocatedBytes) / calls;
  measurement.liveBlocksPerIteration = static_cast<double>(last.live.blocks - first.live.blocks) / calls;
  measurement.liveBytesPerIteration = static_cast<double>(last.live.bytes - first.live.bytes) / calls;
  measurement.growing = growingStacks(checkpoints, snapshot.stacks.get(), calls);
  return measurement;
}

void requireNoGrowth(const std::function<void()>& iteration, Repetitions repetitions) {
  if (!available()) return iteration();
  const Measurement measurement = measure(iteration, repetitions);
  if (measurement.grows()) throw GrowthError(measurement.text());
}

std::string Measurement::text() const {
  std::string text = fmt::format(
      "{:+.4g} blocks, {:+.4g} B stay per iteration ({} iterations after {}); {:.4g} allocations\n",
      liveBlocksPerIteration, liveBytesPerIteration, repetitions.measured, repetitions.warmup,
      allocationsPerIteration);
  for (const GrowingStack& stack : growing) {
    text += fmt::format("  {:+.4g} blocks, {:+.4g} B per iteration, allocated by\n", stack.blocksPerIteration,
                        stack.bytesPerIteration);
    for (const std::string& frame : stack.frames) text += "    " + frame + "\n";
  }
  return text;
}

}  // namespace leakgate::testing
