// The demo with a known CPU cost: h3-demo's sources, with a hook that burns PLANTED_NS in each request instead of the site.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "demo_site.hpp"

namespace {

using Clock = std::chrono::steady_clock;

void burn(std::uint64_t loops) {
  volatile std::uint64_t value = 1;
  for (std::uint64_t k = 0; k < loops; ++k) value = value * 6'364'136'223'846'793'005ULL + 1;
}

// The fastest of several: what interrupts the loop only makes it slower.
double loopsPerNs() {
  constexpr std::uint64_t kLoops = 200'000;
  constexpr int kTries = 30;
  double best = 0;
  for (int k = 0; k < kTries; ++k) {
    const auto start = Clock::now();
    burn(kLoops);
    const std::chrono::duration<double, std::nano> took = Clock::now() - start;
    best = std::max(best, static_cast<double>(kLoops) / took.count());
  }
  return best;
}

}  // namespace

void demo::addSite(h3::App& app) {
  const char* text = std::getenv("PLANTED_NS");
  const double wantedNs = text == nullptr ? 0 : std::strtod(text, nullptr);
  const auto loops = static_cast<std::uint64_t>(wantedNs * loopsPerNs());
  app.onRequest([loops](h3::Event&) { burn(loops); });
}
