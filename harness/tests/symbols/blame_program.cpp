#include "blame_program.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <stdio.h>
#include <stdlib.h>

#include <fstream>
#include <map>
#include <sstream>

#include "shim/probe_process.hpp"

namespace leakgate {

namespace fs = std::filesystem;

bool runIn(const fs::path& folder, const std::string& command, const std::string& log) {
  const std::string all = fmt::format("cd '{}' && ( {} ) > {} 2>&1", folder.string(), command, log);
  return ::system(all.c_str()) == 0;
}

std::vector<KeptStack> keptStacksOf(const fs::path& program) {
  ProbeProcess probe(program.string(), {{"LEAKGATE_DEPTH", "stacks"}});
  REQUIRE(probe.readLine() == "ready");
  const MemorySnapshot snapshot = probe.reader.read();
  std::map<std::uint32_t, std::uint64_t> blocks;
  for (const SiteRow& row : snapshot.sites) {
    if (row.stack != 0 && row.allocations > row.frees) blocks[row.stack] += row.allocations - row.frees;
  }
  std::vector<KeptStack> kept;
  for (const auto& [stack, count] : blocks) kept.push_back({snapshot.stacks->at(stack), count});
  return kept;
}

std::vector<std::pair<unsigned, std::string>> markedLines(const fs::path& source, const std::string& mark) {
  std::vector<std::pair<unsigned, std::string>> lines;
  std::ifstream file(source);
  unsigned number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const auto at = line.find(mark);
    if (at != std::string::npos) lines.emplace_back(number, line.substr(at + mark.size()));
  }
  return lines;
}

namespace {

// "/x/notes.cpp:12 (discriminator 3)" as "notes.cpp:12"; "?" where no line is known.
std::string shortLine(std::string text) {
  text = text.substr(0, text.find(" (disc"));
  text = text.substr(text.rfind('/') + 1);
  return text.ends_with(":?") || text.ends_with(":0") || text.find("??") != std::string::npos ? "?" : text;
}

}  // namespace

std::vector<std::vector<std::string>> framesByTool(const std::string& command,
                                                   const std::vector<std::uint64_t>& addresses) {
  std::string all = command;
  for (const std::uint64_t address : addresses) all += fmt::format(" {:#x}", address);
  FILE* output = ::popen(all.c_str(), "r");
  REQUIRE(output != nullptr);
  std::vector<std::vector<std::string>> stacks;
  std::array<char, 65536> buffer{};
  bool name = false;  // lines come in pairs: function, place
  while (::fgets(buffer.data(), static_cast<int>(buffer.size()), output) != nullptr) {
    std::string line(buffer.data());
    while (!line.empty() && line.back() == '\n') line.pop_back();
    if (line.starts_with("0x")) {
      stacks.emplace_back();
      name = true;
    } else if (name || stacks.empty()) {
      name = false;
    } else {
      stacks.back().push_back(shortLine(line));
      name = true;
    }
  }
  ::pclose(output);
  return stacks;
}

}  // namespace leakgate
