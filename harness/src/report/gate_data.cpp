#include "report/gate_data.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "report/atomic_file.hpp"
#include "report/json_archive.hpp"
#include "report/page_data.hpp"
#include "report/report_json.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

// Found by argument-dependent lookup, hence not in the unnamed namespace.
template <class A>
void fields(A& a, typename A::template Ref<GateData> data) {
  a("reports", data.reports);
  a("left_out", data.leftOut);
}

namespace {

constexpr std::size_t kMaxScenarioBytes = 1'000;  // a longer name cannot be typed either

std::string idOf(std::size_t number) { return fmt::format("{}-{}", kReportDataId, number + 1); }

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct NamedReport {
  std::filesystem::path file;
  std::string scenario;  ///< "": not named
};

// A file's name may have a "#", too.
NamedReport split(const std::filesystem::path& named) {
  std::error_code none;
  const std::string text = named.string();
  for (auto at = text.find('#'); at != std::string::npos; at = text.find('#', at + 1)) {
    if (std::filesystem::exists(text, none)) break;
    const std::filesystem::path file = text.substr(0, at);
    if (std::filesystem::is_regular_file(file, none)) return {file, text.substr(at + 1)};
  }
  return {named, ""};
}

// The place of the chosen report among those of the page.
std::size_t chosen(const GateData& data, const NamedReport& named) {
  const std::string file = named.file.string();
  const std::string names = data.reports.empty() ? "none" : listOf(data.reports);
  if (named.scenario.empty()) {
    if (data.reports.size() == 1) return 0;
    throw InputError(file, "", fmt::format("a gate's page with {} reports", data.reports.size()),
                     "the report of one scenario", "name it: " + file + "#SCENARIO; it has " + names);
  }
  const auto found = std::find(data.reports.begin(), data.reports.end(), named.scenario);
  if (found != data.reports.end()) return static_cast<std::size_t>(found - data.reports.begin());
  if (has(data.leftOut, named.scenario)) {
    throw InputError(file, "", "no room for the report of " + named.scenario, "one of " + names,
                     "give its own file, in the folder of the gate's reports");
  }
  throw InputError(file, "", "no report of " + named.scenario, "one of " + names,
                   didYouMean(named.scenario, data.reports));
}

}  // namespace

std::string gateDataBlocks(const std::vector<const Report*>& reports, std::size_t maxBytes, GateData& data) {
  data = {};
  std::string blocks;
  for (const Report* report : reports) {
    const std::string& name = report->scenario.name;
    Report small = *report;
    small.profile.reset();
    const std::string block = packedDataBlock(idOf(data.reports.size()), toText(toJson(small)));
    const bool named = name.size() <= kMaxScenarioBytes && !has(data.reports, name);
    const bool fits = named && blocks.size() + block.size() <= maxBytes;
    if (fits) blocks += block;
    (fits ? data.reports : data.leftOut).push_back(name.substr(0, kMaxScenarioBytes));
  }
  return blocks + dataBlock(kGateDataId, toText(JsonWriter::encode(data)));
}

std::optional<GateData> gateDataIn(std::string_view text, const std::string& fileName) {
  if (!hasData(text, kGateDataId)) return std::nullopt;
  const auto document = parseJsonFile(jsonOf(text, kGateDataId, fileName), fileName);
  JsonReader reader(document, "", fileName);
  GateData data;
  fields(reader, data);
  return data;
}

std::vector<std::string> reportsOfPage(const std::filesystem::path& file) {
  std::vector<std::string> names;
  if (const auto data = gateDataIn(readWhole(file), file.string())) {
    for (const std::string& scenario : data->reports) names.push_back(file.string() + "#" + scenario);
  }
  return names;
}

std::string readReportText(const std::filesystem::path& named) {
  const NamedReport report = split(named);
  const std::string text = readWhole(report.file);
  const std::string file = report.file.string();
  const auto data = gateDataIn(text, file);
  if (data) return jsonOf(text, idOf(chosen(*data, report)), file);
  if (!report.scenario.empty()) {
    throw InputError(file, "", "no gate's page, but #" + report.scenario, "a page of several reports",
                     "leave out #" + report.scenario);
  }
  return jsonOf(text, kReportDataId, file);
}

}  // namespace leakgate
