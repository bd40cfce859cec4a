// The reports inside a gate's page.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// Which reports a gate's page has, by their scenarios.
struct GateData {
  std::vector<std::string> reports;  ///< in the page's order
  std::vector<std::string> leftOut;  ///< for lack of room
};

/// The elements of a page that carry the reports, without their profiles, in this order: each that fits into what is
/// left of `maxBytes`. `data` becomes what they hold. A second report of a scenario is left out.
std::string gateDataBlocks(const std::vector<const Report*>& reports, std::size_t maxBytes, GateData& data);

/// Nothing when `text` is no gate's page. Errors: InputError when it is damaged.
std::optional<GateData> gateDataIn(std::string_view text, const std::string& fileName);

/// The reports of a gate's page by the names that readReport() takes, "gate.html#login"; empty for any other file.
/// Errors: InputError when the file cannot be read.
std::vector<std::string> reportsOfPage(const std::filesystem::path& file);

/// The JSON of a report, or of another document that is no page. `named`: a file, or "gate.html#login", a report of a
/// gate's page; "#login" may be left out where the page has only one. Errors: InputError.
std::string readReportText(const std::filesystem::path& named);

}  // namespace leakgate
