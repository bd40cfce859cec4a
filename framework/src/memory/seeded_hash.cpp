#include "h3http/detail/seeded_hash.hpp"

#include <random>

namespace h3 {

SeededHash::SeededHash() {
  std::random_device source;
  for (std::uint64_t& key : keys_) key = std::uint64_t{source()} << 32 | source();
}

}  // namespace h3
