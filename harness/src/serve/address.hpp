// The addresses of the pages that leakgate serve has.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Of a scenario; with `series`, of those whose name or place contains it.
std::string trendAddress(const std::string& scenario, const std::string& series = "");

/// `run`: an identity, 16 hex digits.
std::string runAddress(const std::string& run);
std::string diffAddress(const std::string& before, const std::string& after);

/// `report`: see KeptReport::id.
std::string reportAddress(const std::string& report);

}  // namespace leakgate
