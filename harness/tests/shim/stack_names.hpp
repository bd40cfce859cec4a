// Call stacks by the names of their functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "region/snapshot.hpp"

namespace leakgate {

using Names = std::vector<std::string>;

/// The functions of the probe and of its plugins on the way to a call, innermost first; others by their file.
/// Empty for number 0. `stack`: number in the snapshot.
Names namesOf(const MemorySnapshot& snapshot, std::uint32_t stack);

bool startsWith(const Names& names, const Names& start);

std::string textOf(const Names& names);

}  // namespace leakgate

#define CHECK_STARTS(names, ...)                                     \
  do {                                                               \
    const leakgate::Names found = (names);                           \
    INFO(leakgate::textOf(found));                                   \
    CHECK(leakgate::startsWith(found, leakgate::Names __VA_ARGS__)); \
  } while (false)
