#include "serve/reports_json.hpp"

#include "history/history_json.hpp"
#include "scenario/printable.hpp"

namespace leakgate {

nlohmann::ordered_json reportsJson(const std::vector<KeptReport>& reports) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const KeptReport& report : reports) {
    list.push_back({{"report", report.id},
                    {"file", printable(report.file.string())},  // a name need not be UTF-8, JSON must
                    {"scenario", report.scenario},
                    {"commit", report.commit},
                    {"started_at", report.startedAt},
                    {"outcome", toString(report.outcome)},
                    {"end", toString(report.end)},
                    {"findings", report.findings}});
  }
  return {{"schema", kHistorySchema}, {"reports", std::move(list)}};
}

}  // namespace leakgate
