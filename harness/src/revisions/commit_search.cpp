#include "revisions/commit_search.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace leakgate {

namespace {

// Places of the skipped commits among the suspects.
std::vector<std::size_t> placesOf(const std::vector<Suspect>& suspects,
                                  const std::set<std::string>& skipped) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < suspects.size(); ++i)
    if (skipped.contains(suspects[i].commit)) places.push_back(i);
  return places;
}

bool isFarFrom(const std::vector<std::size_t>& places, std::size_t place, std::size_t distance) {
  return std::all_of(places.begin(), places.end(), [&](std::size_t other) {
    return (place > other ? place - other : other - place) >= distance;
  });
}

const Suspect* bestOf(const std::vector<Suspect>& suspects, const std::vector<std::size_t>& skipped,
                      std::size_t distance) {
  const Suspect* best = nullptr;
  for (std::size_t i = 1; i < suspects.size(); ++i) {
    if (!isFarFrom(skipped, i, distance)) continue;
    if (best == nullptr || suspects[i].distance > best->distance) best = &suspects[i];
  }
  return best;
}

}  // namespace

std::optional<std::string> nextCommit(const std::vector<Suspect>& suspects,
                                      const std::set<std::string>& skipped) {
  const auto places = placesOf(suspects, skipped);
  std::size_t distance = 1;
  for (std::size_t k = 1; k < places.size() && distance < suspects.size(); ++k) distance *= 2;
  for (; distance > 0; distance /= 2) {
    if (const Suspect* best = bestOf(suspects, places, distance)) return best->commit;
  }
  return std::nullopt;
}

unsigned stepsLeft(const std::vector<Suspect>& suspects, const std::set<std::string>& skipped) {
  const std::size_t untested = suspects.size() - placesOf(suspects, skipped).size();
  return untested <= 1 ? 0 : static_cast<unsigned>(std::bit_width(untested - 1));
}

}  // namespace leakgate
