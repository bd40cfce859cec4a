// The probe's ledger, as the test sees it while the probe runs and after its end.
#pragma once

#include <filesystem>

#include "function_counts.hpp"
#include "probe/ledger.hpp"

namespace leakgate {

/// What an account, or several together, make of the counters.
struct LedgerTotals {
  Counts counts;
  std::uint64_t usableBytes = 0;  ///< of live blocks

  LedgerTotals& operator+=(const ledger::Sum& sum);
  LedgerTotals& operator+=(const ledger::Account& account);  ///< its `done`
};

/// Lifetime: the mapping is this object's; the probe has its own.   Errors: std::runtime_error.
class LedgerFile {
 public:
  /// Makes the file, which the probe looks for when it first needs it.
  explicit LedgerFile(const std::filesystem::path& directory);
  ~LedgerFile();
  LedgerFile(const LedgerFile&) = delete;
  LedgerFile& operator=(const LedgerFile&) = delete;

  ledger::Ledger& operator*() const { return *ledger_; }
  ledger::Ledger* operator->() const { return ledger_; }

  /// What all workers have done, and what they have begun.
  LedgerTotals done() const;
  LedgerTotals begun() const;
  LedgerTotals doneBy(unsigned maker) const;

 private:
  ledger::Ledger* ledger_ = nullptr;
};

}  // namespace leakgate
