// Every fuzz target over its seeds, their starts, and some with a byte changed. scripts/fuzz looks further.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz_targets.hpp"

using namespace h3::test;

namespace {

// A seed is a line with the escapes of printf(1): \r \n \t \\ \xHH. Lines that begin with # are comments.
std::string unescaped(std::string_view line) {
  std::string bytes;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      bytes += line[i];
      continue;
    }
    const char escape = line.at(++i);
    if (escape == 'x') {
      bytes += static_cast<char>(std::stoi(std::string(line.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      REQUIRE(std::string_view("rnt\\").find(escape) != std::string_view::npos);
      bytes += escape == 'r' ? '\r' : escape == 'n' ? '\n' : escape == 't' ? '\t' : '\\';
    }
  }
  return bytes;
}

std::vector<std::string> seedsOf(const std::string& name) {
  std::ifstream file(std::string(H3_FUZZ_SEEDS) + "/" + name + ".txt");
  REQUIRE(file.is_open());
  std::vector<std::string> seeds;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#')) seeds.push_back(unescaped(line));
  return seeds;
}

void runTarget(const FuzzTarget& target, const std::string& bytes) {
  // A block of exactly its size, so that a sanitizer sees any read beyond the end.
  const std::vector<std::uint8_t> block(bytes.begin(), bytes.end());
  CHECK(target.run(block.data(), block.size()) == 0);
}

}  // namespace

TEST_CASE("the fuzz targets hold on their seeds, and near them") {
  for (const FuzzTarget& target : fuzzTargets()) {
    CAPTURE(target.name);
    const std::vector<std::string> seeds = seedsOf(target.name);
    CHECK(seeds.size() >= 5);
    for (std::size_t number = 0; number < seeds.size(); ++number) {
      CAPTURE(number);
      std::string bytes = seeds[number];
      runTarget(target, bytes);
      const std::size_t step = 1 + bytes.size() / 40;
      for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
        CAPTURE(cut);
        runTarget(target, bytes.substr(0, cut));
        const char original = bytes[cut];
        for (const char other : {'\0', '"', '\r', '\xFF', ','}) {
          bytes[cut] = other;
          runTarget(target, bytes);
        }
        bytes[cut] = original;
      }
    }
  }
}
