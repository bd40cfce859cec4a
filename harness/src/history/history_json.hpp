// A history as JSON, for scripts: reports/schema/history-1.schema.json.
#pragma once

#include <nlohmann/json.hpp>

#include "history/history_store.hpp"
#include "history/scenario_trend.hpp"

namespace leakgate {

inline constexpr const char* kHistorySchema = "leakgate.history/1";

nlohmann::ordered_json listJson(const HistoryTotals& totals, const std::vector<RunHeader>& runs,
                                const std::map<std::int64_t, Machine>& machines);
nlohmann::ordered_json runsJson(const std::vector<HistoryRun>& runs);
nlohmann::ordered_json trendsJson(const std::vector<ScenarioTrend>& trends);

}  // namespace leakgate
