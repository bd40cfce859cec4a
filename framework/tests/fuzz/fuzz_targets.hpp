// The fuzz targets by name, for programs without libFuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace h3::test {

struct FuzzTarget {
  std::string name;
  int (*run)(const std::uint8_t* data, std::size_t size);  ///< ends the process when a property does not hold
};

const std::vector<FuzzTarget>& fuzzTargets();

}  // namespace h3::test
