// history_store.cpp, schema.cpp, and what both databases must do.
#include "history/history_store.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "each_database.hpp"
#include "history/schema.hpp"
#include "sample_runs.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;

TEST_CASE_TEMPLATE("a run that was added is read back, whole", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  const HistoryRun run = sampleRun(7);
  CHECK(openStore(where.name()).add(run));
  HistoryStore store = openStore(where.name());
  const auto headers = store.runs({});
  REQUIRE(headers.size() == 1);
  CHECK(store.whole(headers[0]) == run);
  const HistoryTotals totals = store.totals();
  CHECK(totals.runs == 1);
  CHECK(totals.values == 4);
  CHECK(totals.diskBytes > 0);
}

TEST_CASE_TEMPLATE("the same run twice changes nothing", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  HistoryStore store = openStore(where.name());
  const std::vector<HistoryRun> runs{sampleRun(1), sampleRun(2)};
  CHECK(store.add(runs) == 2);
  CHECK(store.add(std::vector<HistoryRun>{sampleRun(2), sampleRun(3)}) == 1);
  CHECK_FALSE(store.add(sampleRun(1)));
  CHECK(store.totals().runs == 3);
  CHECK(store.totals().values == 12);
}

TEST_CASE_TEMPLATE("runs are listed newest first, by scenario, so many", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  HistoryStore store = openStore(where.name());
  for (const std::size_t number : {3, 1, 2}) store.add(sampleRun(number));
  store.add(sampleRun(4, "logout"));
  const auto login = store.runs({"login", 2});
  REQUIRE(login.size() == 2);
  CHECK(login[0].commit == sampleRun(3).commit);
  CHECK(login[1].commit.hash == sampleHash(2));
  CHECK(store.runs({}).front().scenario == "logout");
  CHECK(store.runs({"nothing", 0}).empty());
  CHECK(store.scenarios() == std::vector<std::string>{"login", "logout"});
  const std::vector<std::int64_t> ids{login[1].id, login[0].id};
  const auto samples = store.samples(ids);
  CHECK(samples.size() == 8);
  CHECK(store.series().at(samples[0].series).name != "");
}

TEST_CASE_TEMPLATE("what fails within a transaction leaves nothing", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  HistoryStore store = openStore(where.name());
  HistoryRun twice = sampleRun(1);
  twice.values.push_back(twice.values.front());  // one series twice: the samples' key forbids it
  const std::vector<HistoryRun> runs{sampleRun(0), twice};
  CHECK_THROWS_AS(store.add(runs), DatabaseError);
  CHECK(store.totals().runs == 0);
  CHECK(store.totals().commits == 0);
  CHECK(store.add(sampleRun(1)));  // the numbers of the series that were undone are not used again
  CHECK(store.whole(store.runs({}).front()) == sampleRun(1));
}

TEST_CASE_TEMPLATE("a history of a newer leakgate is refused", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  openStore(where.name());
  openDatabase(where.name(), Missing::refuse, {})->execute("UPDATE history_version SET version = 2");
  CHECK_THROWS_WITH_AS(openStore(where.name()),
                       doctest::Contains("history_version: found 2, expected 1 or older"), InputError);
}

TEST_CASE_TEMPLATE("eight writers at once lose nothing", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  constexpr std::size_t kWriters = 8;
  constexpr std::size_t kRuns = 10;
  std::vector<pid_t> writers;
  for (std::size_t writer = 0; writer < kWriters; ++writer) {
    writers.push_back(::fork());
    REQUIRE(writers.back() >= 0);
    if (writers.back() != 0) continue;
    int status = 1;
    try {  // the first of them makes the tables, and all write the same commits and series
      HistoryStore store = openStore(where.name());
      for (std::size_t i = 0; i < kRuns; ++i) store.add(sampleRun(i, "scenario" + std::to_string(writer)));
      status = 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "writer: %s\n", error.what());
    }
    ::_exit(status);
  }
  for (const pid_t writer : writers) {
    int status = -1;
    ::waitpid(writer, &status, 0);
    CHECK(status == 0);
  }
  HistoryStore store = openStore(where.name());
  CHECK(store.totals().runs == kWriters * kRuns);
  CHECK(store.totals().values == 4 * kWriters * kRuns);
  CHECK(store.totals().commits == kRuns);
  CHECK(store.series().size() == 4);
}

TEST_CASE("files that are no history are refused by name") {
  const Workspace workspace;
  const std::string text = workspace.file("report.json").string();
  writeAtomically(text, std::string(4096, 'x'));
  CHECK_THROWS_WITH_AS(openStore(text), doctest::Contains("report.json: found a file of another kind"),
                       InputError);
  CHECK_THROWS_WITH_AS(openDatabase(workspace.file("none.db").string(), Missing::refuse, {}),
                       doctest::Contains("none.db: found no such file"), InputError);
  CHECK_THROWS_AS(openStore("/proc/history.db"), DatabaseError);
}

TEST_CASE("a URL is shown without its password") {
  CHECK(withoutPassword("postgresql://ci:se:cr@et@db.example.org/leakgate") ==
        "postgresql://ci:***@db.example.org/leakgate");
  CHECK(withoutPassword("postgresql://ci@db:5432/leakgate?password=secret&sslmode=require") ==
        "postgresql://ci@db:5432/leakgate?password=***&sslmode=require");
  CHECK(withoutPassword("postgresql:///leakgate?password=secret") == "postgresql:///leakgate?password=***");
  CHECK(isPostgresUrl("postgres://db/x"));
  CHECK_FALSE(isPostgresUrl("postgres.db"));
}

TEST_CASE("a server that is not there is named at once") {
  if (PostgresServer::shared() == nullptr) return;
  CHECK_THROWS_WITH_AS(openPostgres("postgresql:///x?host=/nonexistent", {}),
                       doctest::Contains("check the URL, and that the server runs"), DatabaseError);
}
