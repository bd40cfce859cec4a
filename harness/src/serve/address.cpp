#include "serve/address.hpp"

#include "report/uri_text.hpp"

namespace leakgate {

std::string trendAddress(const std::string& scenario, const std::string& series) {
  return "/trend?scenario=" + encodedForUri(scenario) +
         (series.empty() ? "" : "&series=" + encodedForUri(series));
}

std::string runAddress(const std::string& run) { return "/run?id=" + encodedForUri(run); }

std::string diffAddress(const std::string& before, const std::string& after) {
  return "/diff?before=" + encodedForUri(before) + "&after=" + encodedForUri(after);
}

std::string reportAddress(const std::string& report) { return "/report?id=" + encodedForUri(report); }

}  // namespace leakgate
