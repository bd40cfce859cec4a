// Which history a command reads, and how much of it.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "history/history_store.hpp"

namespace leakgate {

inline constexpr const char* kDefaultHistory = "reports/history.db";

/// --history, or LEAKGATE_HISTORY.
void addHistoryOption(CLI::App& command, std::string& history);

/// --last and --branch.
void addTrendOptions(CLI::App& command, std::size_t& looked, std::string& branch);

/// Opens it; what a transaction waits for is told on standard error. Errors: InputError, DatabaseError.
std::unique_ptr<HistoryStore> openHistory(const std::string& name, Missing missing);

/// The name without a password.
std::string shownHistory(const std::string& history);

}  // namespace leakgate
