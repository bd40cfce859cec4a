// A strict reader of OpenMetrics text, as far as we write it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace h3::test {

/// One metric family in the order of its lines.
struct MetricFamily {
  std::string type;
  std::string help;
  std::string unit;
  std::vector<std::pair<std::string, double>> samples;  ///< name with its labels, value
};

/// Errors: std::runtime_error that names the line: a family's TYPE, UNIT or HELP given twice or after its
/// samples, samples of two families mixed, a sample without family or with a wrong suffix, no "# EOF" as the
/// last line.
std::map<std::string, MetricFamily> parseOpenMetrics(std::string_view text);

}  // namespace h3::test
