#include "history/schema.hpp"

#include <array>

#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

// commits, machines, scenarios and series are dictionaries: a run and its samples refer to them by number,
// which is what keeps a sample small. "$ID" and "$CLUSTERED" differ between the databases.
constexpr const char* kVersion1[] = {
    "CREATE TABLE history_version (version BIGINT NOT NULL)",
    "CREATE TABLE history_commits (id $ID, hash TEXT NOT NULL UNIQUE, parents TEXT NOT NULL, time BIGINT NOT NULL)",
    "CREATE TABLE history_machines (id $ID, fingerprint TEXT NOT NULL UNIQUE, counts_key TEXT NOT NULL, "
    "compiler TEXT NOT NULL, description TEXT NOT NULL)",
    "CREATE TABLE history_scenarios (id $ID, name TEXT NOT NULL, workload TEXT NOT NULL, UNIQUE (name, workload))",
    "CREATE TABLE history_series (id $ID, name TEXT NOT NULL, unit TEXT NOT NULL, direction BIGINT NOT NULL, "
    "label TEXT NOT NULL, UNIQUE (name, unit))",
    "CREATE TABLE history_runs (id $ID, identity TEXT NOT NULL UNIQUE, "
    "commit_id BIGINT NOT NULL REFERENCES history_commits (id), "
    "scenario_id BIGINT NOT NULL REFERENCES history_scenarios (id), "
    "machine_id BIGINT NOT NULL REFERENCES history_machines (id), "
    "dirty BIGINT NOT NULL, started_at BIGINT NOT NULL, sample_count BIGINT NOT NULL)",
    "CREATE INDEX history_runs_started ON history_runs (started_at)",
    "CREATE TABLE history_samples (run_id BIGINT NOT NULL REFERENCES history_runs (id), "
    "series_id BIGINT NOT NULL REFERENCES history_series (id), kind BIGINT NOT NULL, "
    "value DOUBLE PRECISION NOT NULL, PRIMARY KEY (run_id, series_id)) $CLUSTERED",
};

std::string inDialect(std::string sql, const Database& database) {
  const bool sqlite = !database.clusteredByKey().empty();
  const std::array<std::pair<std::string_view, std::string_view>, 2> words{
      {{"$ID", sqlite ? "INTEGER PRIMARY KEY" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"},
       {"$CLUSTERED", database.clusteredByKey()}}};
  for (const auto& [word, text] : words) {
    const auto at = sql.find(word);
    if (at != std::string::npos) sql.replace(at, word.size(), text);
  }
  return sql;
}

std::int64_t versionOf(Database& database) {
  if (!database.hasTable("history_version")) return 0;
  std::int64_t version = 0;
  database.query("SELECT version FROM history_version", {},
                 [&](const SqlRow& row) { version = row.integer(0); });
  return version;
}

void refuseNewer(std::int64_t version, const Database& database) {
  if (version <= kHistoryVersion) return;
  throw InputError(database.name(), "history_version", std::to_string(version),
                   std::to_string(kHistoryVersion) + " or older",
                   "a newer leakgate has written it: use that one, or another history");
}

}  // namespace

void prepareSchema(Database& database) {
  std::int64_t version = versionOf(database);
  refuseNewer(version, database);
  if (version == kHistoryVersion) return;
  database.transact([&] {
    database.lockSchema();
    version = versionOf(database);  // another process may have been first
    refuseNewer(version, database);
    if (version == kHistoryVersion) return;
    // A later version adds its statements here, from each version to the next.
    for (const char* statement : kVersion1) database.execute(inDialect(statement, database));
    database.execute("INSERT INTO history_version (version) VALUES ($1)", {kHistoryVersion});
  });
}

}  // namespace leakgate
