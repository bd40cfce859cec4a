#include <filesystem>

#include "html/gate_page.hpp"
#include "html/run_page.hpp"
#include "writers/formats.hpp"

namespace leakgate {

std::string htmlText(const WriterInput& input) {
  PageContext context{sourcesBelow(std::filesystem::current_path())};
  if (input.results.size() == 1 && input.results.front().report) {
    context.baselineMetrics = input.results.front().baselineMetrics;
    return runPage(*input.results.front().report, context);
  }
  return gatePage({input.results, redReasons(input.results, input.command), input.seconds}, context);
}

}  // namespace leakgate
