// Writes every format, of several results each, for the readers of the tests: writer_samples FOLDER.
#include <fstream>
#include <iostream>
#include <map>

#include "writers/hostile_results.hpp"
#include "writers/writer.hpp"

using namespace leakgate;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::map<std::string, std::vector<GateResult>> samples{{"empty", {}},
                                                               {"mixed", mixedResults()},
                                                               {"twice", resultsNamed("twice")},
                                                               {"hostile", resultsNamed(kHostileName)},
                                                               {"huge", resultsNamed(hugeName())},
                                                               {"nameless", resultsNamed("")}};
  for (const auto& writer : allWriters()) {
    for (const auto& [name, results] : samples) {
      std::ofstream out(std::string(argv[1]) + "/" + std::string(writer.name) + "." + name, std::ios::binary);
      out << writer.write({results, "leakgate gate", 12.5});
      if (!out.flush()) return 3;
    }
  }
  return 0;
}
