#include "serve/address.hpp"

#include <fmt/core.h>

#include <cctype>

namespace leakgate {

std::string encodedForUri(std::string_view text) {
  std::string uri;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = byte < 0x80 && (std::isalnum(byte) != 0 ||
                                            std::string_view("-._~").find(c) != std::string_view::npos);
    uri += unreserved ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

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
