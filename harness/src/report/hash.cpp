#include "report/hash.hpp"

#include <fmt/core.h>

#include <cstdint>

namespace leakgate {

std::string hashOf(const std::vector<std::string>& parts) {
  constexpr std::uint64_t kOffset = 14695981039346656037U;
  constexpr std::uint64_t kPrime = 1099511628211U;
  std::uint64_t hash = kOffset;
  const auto add = [&](unsigned char byte) { hash = (hash ^ byte) * kPrime; };
  for (const auto& part : parts) {
    for (const char c : part) add(static_cast<unsigned char>(c));
    add(0);
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace leakgate
