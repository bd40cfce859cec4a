#include "history/history_store.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "history/schema.hpp"

namespace leakgate {

namespace {

// Bounds the parameters of one statement: SQLite takes 32,766, PostgreSQL 65,535.
constexpr std::size_t kMaxRowsAStatement = 2000;

std::string placeholders(std::size_t first, std::size_t count) {
  std::string text = "(";
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{}${}", i == 0 ? "" : ", ", first + i);
  return text + ")";
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? std::string() : std::string(separator)) + word;
  return text;
}

std::vector<std::string> wordsOf(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

std::string keyOf(const HistoryValue& value) { return value.name + "\n" + value.unit; }

}  // namespace

HistoryStore::HistoryStore(std::unique_ptr<Database> database) : database_(std::move(database)) {
  prepareSchema(*database_);
}

std::int64_t HistoryStore::single(const std::string& sql, const std::vector<SqlValue>& parameters) {
  std::int64_t value = 0;
  database_->query(sql, parameters, [&](const SqlRow& row) { value = row.integer(0); });
  return value;
}

// The number of a dictionary's row, which is made if it is not there; the first `keyColumns` columns
// identify it. Another process may make the same row meanwhile: the insert then waits for it, and the select
// finds it.
std::int64_t HistoryStore::idOf(const std::string& table, const std::vector<std::string>& columns,
                                const std::vector<SqlValue>& values, std::size_t keyColumns) {
  std::string where;
  for (std::size_t i = 0; i < keyColumns; ++i)
    where += fmt::format("{}{} = ${}", i == 0 ? "" : " AND ", columns[i], i + 1);
  const std::string select = "SELECT id FROM " + table + " WHERE " + where;
  const std::vector<SqlValue> key(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(keyColumns));
  if (const std::int64_t id = single(select, key); id != 0) return id;
  database_->execute("INSERT INTO " + table + " (" + joined(columns, ", ") + ") VALUES " +
                         placeholders(1, columns.size()) + " ON CONFLICT DO NOTHING",
                     values);
  return single(select, key);
}

std::size_t HistoryStore::add(std::span<const HistoryRun> runs) {
  // A transaction that is run again, since its COMMIT got no reply, may find its own runs.
  std::map<std::string, bool> wasThere;
  std::map<std::string, std::int64_t> seriesIds;
  database_->transact([&] {
    seriesIds = seriesIds_;
    for (const HistoryRun& run : runs) {
      const bool there = isThere(run);
      wasThere.emplace(run.identity, there);
      if (!there) insert(run, seriesIds);
    }
  });
  seriesIds_ = std::move(seriesIds);
  return static_cast<std::size_t>(
      std::count_if(wasThere.begin(), wasThere.end(), [](const auto& run) { return !run.second; }));
}

bool HistoryStore::isThere(const HistoryRun& run) {
  return single("SELECT id FROM history_runs WHERE identity = $1", {run.identity}) != 0;
}

void HistoryStore::insert(const HistoryRun& run, std::map<std::string, std::int64_t>& seriesIds) {
  const CommitInfo& commit = run.commit;
  const std::int64_t commitId = idOf("history_commits", {"hash", "parents", "time"},
                                     {commit.hash, joined(commit.parents, " "), commit.time}, 1);
  const Machine& machine = run.machine;
  const std::int64_t machineId =
      idOf("history_machines", {"fingerprint", "counts_key", "compiler", "description"},
           {machine.fingerprint, machine.countsKey, machine.compiler, machine.description}, 1);
  const std::int64_t scenarioId =
      idOf("history_scenarios", {"name", "workload"}, {run.scenario, run.workload}, 2);
  const std::int64_t runId = single(
      "INSERT INTO history_runs (identity, commit_id, scenario_id, machine_id, dirty, started_at, "
      "sample_count) VALUES " +
          placeholders(1, 7) + " ON CONFLICT DO NOTHING RETURNING id",
      {run.identity, commitId, scenarioId, machineId, std::int64_t{run.dirty}, run.startedAt,
       static_cast<std::int64_t>(run.values.size())});
  if (runId != 0) addSamples(runId, run, seriesIds);  // 0: another process has just added it
}

void HistoryStore::addSamples(std::int64_t runId, const HistoryRun& run,
                              std::map<std::string, std::int64_t>& seriesIds) {
  // Rows are made in the order of their names, so that two processes cannot wait for each other.
  std::map<std::string, const HistoryValue*> values;
  for (const HistoryValue& value : run.values) values.emplace(keyOf(value), &value);
  for (const auto& [key, value] : values) {
    if (seriesIds.count(key) != 0) continue;
    seriesIds[key] =
        idOf("history_series", {"name", "unit", "direction", "label"},
             {value->name, value->unit, static_cast<std::int64_t>(value->direction), value->label}, 2);
  }
  for (std::size_t from = 0; from < run.values.size(); from += kMaxRowsAStatement) {
    const std::size_t end = std::min(run.values.size(), from + kMaxRowsAStatement);
    std::string sql = "INSERT INTO history_samples (run_id, series_id, kind, value) VALUES ";
    std::vector<SqlValue> parameters;
    for (std::size_t i = from; i < end; ++i) {
      const HistoryValue& value = run.values[i];
      sql += (i == from ? "" : ", ") + placeholders(parameters.size() + 1, 4);
      parameters.insert(parameters.end(), {runId, seriesIds.at(keyOf(value)),
                                           static_cast<std::int64_t>(value.kind), value.value});
    }
    database_->execute(sql, parameters);
  }
}

std::vector<RunHeader> HistoryStore::runs(const RunFilter& filter) {
  std::string sql =
      "SELECT r.id, r.identity, c.hash, c.parents, c.time, r.dirty, s.name, s.workload, r.machine_id, r.started_at, "
      "r.sample_count FROM history_runs r JOIN history_commits c ON c.id = r.commit_id "
      "JOIN history_scenarios s ON s.id = r.scenario_id";
  std::vector<SqlValue> parameters;
  const auto require = [&](const char* column, const std::string& value) {
    if (value.empty()) return;
    parameters.emplace_back(value);
    sql += fmt::format("{} {} = ${}", parameters.size() == 1 ? " WHERE" : " AND", column, parameters.size());
  };
  require("s.name", filter.scenario);
  require("r.identity", filter.identity);
  sql += " ORDER BY r.started_at DESC, r.id DESC";
  if (filter.newest != 0) sql += fmt::format(" LIMIT {}", filter.newest);
  std::vector<RunHeader> headers;
  database_->query(sql, parameters, [&](const SqlRow& row) {
    headers.push_back({row.integer(0),
                       row.text(1),
                       {row.text(2), wordsOf(row.text(3)), row.integer(4)},
                       row.integer(5) != 0,
                       row.text(6),
                       row.text(7),
                       row.integer(8),
                       row.integer(9),
                       row.integer(10)});
  });
  return headers;
}

std::vector<std::string> HistoryStore::scenarios() {
  std::vector<std::string> names;
  database_->query("SELECT DISTINCT name FROM history_scenarios ORDER BY name", {},
                   [&](const SqlRow& row) { names.push_back(row.text(0)); });
  return names;
}

std::map<std::int64_t, Machine> HistoryStore::machines() {
  std::map<std::int64_t, Machine> machines;
  database_->query("SELECT id, fingerprint, counts_key, compiler, description FROM history_machines", {},
                   [&](const SqlRow& row) {
                     machines[row.integer(0)] = {row.text(1), row.text(2), row.text(3), row.text(4)};
                   });
  return machines;
}

const Machine& HistoryStore::machine(std::int64_t id) {
  if (machines_.count(id) == 0) machines_ = machines();
  return machines_.at(id);
}

std::vector<Sample> HistoryStore::samples(std::span<const std::int64_t> runIds) {
  std::vector<Sample> samples;
  for (std::size_t from = 0; from < runIds.size(); from += kMaxRowsAStatement) {
    const auto part = runIds.subspan(from, std::min(kMaxRowsAStatement, runIds.size() - from));
    const std::vector<SqlValue> parameters(part.begin(), part.end());
    database_->query("SELECT run_id, series_id, kind, value FROM history_samples WHERE run_id IN " +
                         placeholders(1, part.size()) + " ORDER BY run_id, series_id",
                     parameters, [&](const SqlRow& row) {
                       samples.push_back({row.integer(0), row.integer(1),
                                          static_cast<MetricKind>(row.integer(2)), row.real(3)});
                     });
  }
  return samples;
}

std::map<std::int64_t, SeriesInfo> HistoryStore::series() {
  std::map<std::int64_t, SeriesInfo> series;
  database_->query("SELECT id, name, label, unit, direction FROM history_series", {}, [&](const SqlRow& row) {
    series[row.integer(0)] = {row.text(1), row.text(2), row.text(3), static_cast<Direction>(row.integer(4))};
  });
  return series;
}

HistoryRun HistoryStore::whole(const RunHeader& header) {
  HistoryRun run{header.identity, header.commit,           header.dirty,     header.scenario,
                 header.workload, machine(header.machine), header.startedAt, {}};
  database_->query(
      "SELECT s.name, s.label, v.value, s.unit, v.kind, s.direction FROM history_samples v "
      "JOIN history_series s ON s.id = v.series_id WHERE v.run_id = $1",
      {header.id}, [&](const SqlRow& row) {
        run.values.push_back({row.text(0), row.text(1), row.real(2), row.text(3),
                              static_cast<MetricKind>(row.integer(4)),
                              static_cast<Direction>(row.integer(5))});
      });
  std::sort(run.values.begin(), run.values.end(),
            [](const HistoryValue& a, const HistoryValue& b) { return keyOf(a) < keyOf(b); });
  return run;
}

HistoryTotals HistoryStore::totals() {
  HistoryTotals totals;
  database_->query("SELECT count(*), coalesce(sum(sample_count), 0) FROM history_runs", {},
                   [&](const SqlRow& row) {
                     totals.runs = row.integer(0);
                     totals.values = row.integer(1);
                   });
  totals.commits = single("SELECT count(*) FROM history_commits", {});
  totals.machines = single("SELECT count(*) FROM history_machines", {});
  totals.scenarios = single("SELECT count(DISTINCT name) FROM history_scenarios", {});
  totals.diskBytes = database_->diskBytes();
  return totals;
}

}  // namespace leakgate
