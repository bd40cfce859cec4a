#include "ledger_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>

namespace leakgate {
namespace {

// The probe writes meanwhile.
std::uint64_t wordOf(const std::uint64_t& word) { return __atomic_load_n(&word, __ATOMIC_ACQUIRE); }

}  // namespace

LedgerTotals& LedgerTotals::operator+=(const ledger::Sum& sum) {
  counts.allocations += wordOf(sum.allocations);
  counts.frees += wordOf(sum.frees);
  counts.allocatedBytes += wordOf(sum.allocatedBytes);
  counts.freedBytes += wordOf(sum.freedBytes);
  usableBytes += wordOf(sum.usableBytes);
  return *this;
}

LedgerTotals& LedgerTotals::operator+=(const ledger::Account& account) {
  for (const ledger::Sum& sum : account.done) *this += sum;
  return *this;
}

LedgerFile::LedgerFile(const std::filesystem::path& directory) {
  const auto path = directory / "ledger";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(ledger::Ledger)) != 0) throw std::runtime_error(path);
  void* memory = ::mmap(nullptr, sizeof(ledger::Ledger), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) throw std::runtime_error("cannot map " + path.string());
  ledger_ = static_cast<ledger::Ledger*>(memory);
}

LedgerFile::~LedgerFile() { ::munmap(ledger_, sizeof(ledger::Ledger)); }

LedgerTotals LedgerFile::done() const {
  LedgerTotals totals;
  for (const ledger::Account& worker : ledger_->workers) totals += worker;
  return totals;
}

LedgerTotals LedgerFile::begun() const {
  LedgerTotals totals;
  for (const ledger::Account& worker : ledger_->workers) totals += worker.begun;
  return totals;
}

LedgerTotals LedgerFile::doneBy(unsigned maker) const {
  LedgerTotals totals;
  for (const ledger::Account& worker : ledger_->workers) totals += worker.done[maker];
  return totals;
}

}  // namespace leakgate
