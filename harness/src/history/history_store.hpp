// Keeps runs in a database: SQLite or PostgreSQL, by the same statements.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "history/database.hpp"
#include "history/history_run.hpp"

namespace leakgate {

/// A run without its values.
struct RunHeader {
  std::int64_t id = 0;  ///< in this history only
  std::string identity;
  CommitInfo commit;
  bool dirty = false;
  std::string scenario;
  std::string workload;
  std::int64_t machine = 0;  ///< key of HistoryStore::machines()
  std::int64_t startedAt = 0;
  std::int64_t valueCount = 0;
};

struct RunFilter {
  std::string scenario;    ///< "": all
  std::size_t newest = 0;  ///< at most so many, by the time when they started; 0: all
  std::string identity{};  ///< "": all
};

/// A value of one run, of a series that seriesOf() has described.
struct Sample {
  std::int64_t run = 0;
  std::int64_t series = 0;
  MetricKind kind = MetricKind::exact;
  double value = 0;
};

struct SeriesInfo {
  std::string name;
  std::string label;
  std::string unit;
  Direction direction = Direction::lower;
};

struct HistoryTotals {
  std::int64_t runs = 0;
  std::int64_t values = 0;
  std::int64_t commits = 0;
  std::int64_t machines = 0;
  std::int64_t scenarios = 0;
  std::int64_t diskBytes = 0;
};

/// Runs are only ever added: a commit that a rebase has dropped keeps its runs. Threads: one owner; any
/// number of processes may use one history. Errors of all functions: DatabaseError.
class HistoryStore {
 public:
  /// Makes or migrates the tables. Errors: as prepareSchema().
  explicit HistoryStore(std::unique_ptr<Database> database);

  /// Keeps the runs in one transaction: all of them or none. Returns how many are new; one that is there
  /// already changes nothing.
  std::size_t add(std::span<const HistoryRun> runs);
  bool add(const HistoryRun& run) { return add(std::span(&run, 1)) == 1; }

  /// Newest first.
  std::vector<RunHeader> runs(const RunFilter& filter);

  /// The names of all scenarios, sorted.
  std::vector<std::string> scenarios();

  std::map<std::int64_t, Machine> machines();

  /// The samples of the runs, by run and series.
  std::vector<Sample> samples(std::span<const std::int64_t> runIds);
  std::map<std::int64_t, SeriesInfo> series();

  /// A run with its values, to be shown or copied. Values are in the order of their names.
  HistoryRun whole(const RunHeader& header);

  HistoryTotals totals();
  const std::string& name() const { return database_->name(); }

 private:
  const Machine& machine(std::int64_t id);
  std::int64_t single(const std::string& sql, const std::vector<SqlValue>& parameters);
  std::int64_t idOf(const std::string& table, const std::vector<std::string>& columns,
                    const std::vector<SqlValue>& values, std::size_t keyColumns);
  bool isThere(const HistoryRun& run);
  void insert(const HistoryRun& run, std::map<std::string, std::int64_t>& seriesIds);
  void addSamples(std::int64_t runId, const HistoryRun& run, std::map<std::string, std::int64_t>& seriesIds);

  std::unique_ptr<Database> database_;
  // Of committed rows: they are never changed or deleted.
  std::map<std::string, std::int64_t> seriesIds_;
  std::map<std::int64_t, Machine> machines_;
};

}  // namespace leakgate
