#include "analysis/cpu_growth.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace leakgate {

namespace {

constexpr std::size_t kMinBlocks = CpuGrowth::kLateBlocks;
constexpr double kMinBlockNs = 2e6;  // below it is scheduler noise
// A cost that follows the logarithm of the work, like a tree's, has less than this at the fourth block.
constexpr double kMinLastSteepness = 0.55;
constexpr std::size_t kMinSlices = 8;  // in each block
constexpr std::size_t kQuarter = 4;    // of so many parts, the cheapest

struct Block {
  double work = 0;  // requests so far, where nsPerRequest was read
  double nsPerRequest = 0;
  double cpuNs = 0;  // of the whole block
};

double costOf(const CpuSlice& slice) {
  return static_cast<double>(slice.cpuNs) / static_cast<double>(slice.requests);
}

// The slices of one block. Where the cost rises evenly, its lower quartile is that of the first quarter's end.
void readCheaperQuarter(Block& block, const Checkpoint& now, std::span<const CpuSlice> slices) {
  std::vector<double> costs;
  costs.reserve(slices.size());
  for (const CpuSlice& slice : slices) costs.push_back(costOf(slice));
  const auto quartile = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / kQuarter);
  std::nth_element(costs.begin(), quartile, costs.end());
  const auto requests = static_cast<double>(now.block.requests);
  block.nsPerRequest = *quartile;
  block.work = static_cast<double>(now.requests) - requests + requests / kQuarter;
}

// The slices that end at a checkpoint or before, from `from` on.
std::span<const CpuSlice> slicesUntil(const Checkpoint& now, std::span<const CpuSlice> from) {
  const auto end =
      std::upper_bound(from.begin(), from.end(), now.requests,
                       [](std::uint64_t requests, const CpuSlice& slice) { return requests < slice.end; });
  return from.first(static_cast<std::size_t>(end - from.begin()));
}

std::vector<Block> wholeBlocks(const RunRecord& record) {
  std::vector<Block> blocks;
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const Checkpoint& now = record.checkpoints[k];
    const Checkpoint& before = record.checkpoints[k - 1];
    const auto requests = static_cast<double>(now.block.requests);
    if (requests == 0) continue;
    const auto spent = static_cast<std::int64_t>(now.process.cpuNs - before.process.cpuNs);
    const auto end = static_cast<double>(now.requests);
    blocks.push_back({end - requests / 2, static_cast<double>(spent) / requests, static_cast<double>(spent)});
  }
  return blocks;
}

std::vector<Block> blocksOf(const RunRecord& record) {
  std::vector<Block> blocks = wholeBlocks(record);
  std::vector<Block> sliced = blocks;
  std::span<const CpuSlice> rest = record.cpuSlices;
  auto block = sliced.begin();
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const Checkpoint& now = record.checkpoints[k];
    if (now.block.requests == 0) continue;
    const auto slices = slicesUntil(now, rest);
    if (slices.size() < kMinSlices) return blocks;
    readCheaperQuarter(*block++, now, slices);
    rest = rest.subspan(slices.size());
  }
  return sliced;
}

// Student's t for a two-sided 95 % interval.
double tQuantile(std::size_t degrees) {
  constexpr std::array kValues{12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306};
  return kValues[std::min(degrees, kValues.size()) - 1];
}

// Least squares: value = atStart + slope * (work - first work).
struct Line {
  double atStart = 0;
  double slope = 0;
  double slopeError = 0;  // half of the 95 % interval
};

Line lineThrough(const std::vector<Block>& blocks) {
  const auto n = static_cast<double>(blocks.size());
  double workSum = 0;
  double valueSum = 0;
  for (const Block& block : blocks) {
    workSum += block.work;
    valueSum += block.nsPerRequest;
  }
  const double workMean = workSum / n;
  const double valueMean = valueSum / n;
  double squares = 0;
  double products = 0;
  for (const Block& block : blocks) {
    squares += (block.work - workMean) * (block.work - workMean);
    products += (block.work - workMean) * (block.nsPerRequest - valueMean);
  }
  const double slope = products / squares;
  double residuals = 0;
  for (const Block& block : blocks) {
    const double residual = block.nsPerRequest - valueMean - slope * (block.work - workMean);
    residuals += residual * residual;
  }
  const double error = std::sqrt(residuals / (n - 2) / squares) * tQuantile(blocks.size() - 2);
  return {valueMean + slope * (blocks.front().work - workMean), slope, error};
}

bool risesInLateBlocks(const std::vector<Block>& blocks) {
  return std::adjacent_find(blocks.end() - CpuGrowth::kLateBlocks, blocks.end(),
                            [](const Block& before, const Block& now) {
                              return now.nsPerRequest <= before.nsPerRequest;
                            }) == blocks.end();
}

double steepness(const Block& from, const Block& to) {
  return (to.nsPerRequest - from.nsPerRequest) / (to.work - from.work);
}

}  // namespace

std::optional<CpuGrowth> cpuGrowth(const RunRecord& record) {
  const std::vector<Block> blocks = blocksOf(record);
  const bool tooLittle =
      std::any_of(blocks.begin(), blocks.end(), [](const Block& block) { return block.cpuNs < kMinBlockNs; });
  if (blocks.size() < kMinBlocks || tooLittle) return std::nullopt;
  const Block& first = blocks.front();
  const Block& last = blocks.back();
  const Line line = lineThrough(blocks);
  CpuGrowth growth;
  for (const Block& block : blocks) growth.nsPerRequest.push_back(block.nsPerRequest);
  // For a steep rise the line may start below zero; then the first block itself is the reference.
  const double start = std::max(line.atStart, first.nsPerRequest / 2);
  const double scale = 100 * (last.work - first.work) / start;
  growth.percent = line.slope * scale;
  growth.low = (line.slope - line.slopeError) * scale;
  growth.high = (line.slope + line.slopeError) * scale;
  growth.inLateBlocks = risesInLateBlocks(blocks);
  growth.goesOn = steepness(blocks[blocks.size() - 2], last) >= kMinLastSteepness * steepness(first, last);
  return growth;
}

}  // namespace leakgate
