// sqlite_database.cpp and postgres_database.cpp: a writer that is killed, a server that dies, a disk that is
// full. What was acknowledged is there; what is there is whole.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "each_database.hpp"
#include "sample_runs.hpp"
#include "small_disk.hpp"

using namespace leakgate;

namespace {

// A process that adds runs `from`, `from` + 1 ... below `end`, and writes the number of each to a pipe when
// add() has returned. add() is called again as long as it says that nothing was added.
class Writer {
 public:
  Writer(const std::string& history, std::size_t from, std::size_t end) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    acknowledged_ = ends[0];
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) write(history, from, end, ends[1]);
    ::close(ends[1]);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (pid_ > 0) kill();
    ::close(acknowledged_);
  }

  /// The next acknowledged run; nothing when the writer has ended.
  std::optional<std::size_t> next() const {
    std::size_t number = 0;
    return ::read(acknowledged_, &number, sizeof number) == sizeof number ? std::optional(number)
                                                                          : std::nullopt;
  }

  void kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  [[noreturn]] static void write(const std::string& history, std::size_t from, std::size_t end, int pipe) {
    std::unique_ptr<HistoryStore> store;
    for (std::size_t number = from; number < end;) {
      try {
        if (!store) store = std::make_unique<HistoryStore>(openDatabase(history, Missing::create, {}));
        store->add(sampleRun(number));
      } catch (const DatabaseError&) {
        ::usleep(20'000);
        continue;
      }
      if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(1);
      ++number;
    }
    ::_exit(0);
  }

  int acknowledged_ = -1;
  pid_t pid_ = -1;
};

// Whether all acknowledged runs are there, and all runs that are there are whole.
void checkWhole(HistoryStore& store, const std::set<std::size_t>& acknowledged) {
  std::set<std::string> there;
  for (const RunHeader& header : store.runs({})) {
    const HistoryRun run = store.whole(header);
    there.insert(run.identity);
    CHECK(static_cast<std::int64_t>(run.values.size()) == header.valueCount);
    CHECK(run.values.size() == 4);
  }
  for (const std::size_t number : acknowledged) CHECK(there.count(sampleRun(number).identity) == 1);
}

void checkIntegrity(const std::string& file) {
  std::string found;
  openDatabase(file, Missing::refuse, {})->query("PRAGMA integrity_check", {}, [&](const SqlRow& row) {
    found = row.text(0);
  });
  CHECK(found == "ok");
}

// Adds runs, ten in a transaction, until the disk is full. Returns the message; `added` counts what was
// acknowledged.
std::string fill(HistoryStore& store, std::size_t& added) {
  for (added = 0; added < 100'000;) {
    std::vector<HistoryRun> runs;
    for (std::size_t i = 0; i < 10; ++i)
      runs.push_back(sampleRun(added + i, "scenario" + std::to_string(added + i)));
    try {
      store.add(runs);
    } catch (const DatabaseError& error) {
      return error.what();
    }
    added += runs.size();
  }
  return "never full";
}

void checkFilled(HistoryStore& store, std::size_t added) {
  CHECK(store.totals().runs == static_cast<std::int64_t>(added));
  for (const RunHeader& header : store.runs({})) CHECK(store.whole(header).values.size() == 4);
}

}  // namespace

TEST_CASE_TEMPLATE("a writer that is killed loses nothing, at twenty moments", Where, OnSqlite, OnPostgres) {
  const Where where;
  if (!where.available()) return;
  std::set<std::size_t> acknowledged;
  for (std::size_t round = 0; round < 20; ++round) {
    Writer writer(where.name(), 1000 * round, 1000 * round + 1000);
    for (std::size_t i = 0; i < round % 5; ++i)
      if (const auto number = writer.next()) acknowledged.insert(*number);
    ::usleep(static_cast<useconds_t>(round * 701 % 10'000));  // somewhere in a transaction, or in opening
    writer.kill();
    while (const auto number = writer.next()) acknowledged.insert(*number);
  }
  HistoryStore store = openStore(where.name());
  CHECK(acknowledged.size() >= 40);
  checkWhole(store, acknowledged);
  if (!isPostgresUrl(where.name())) checkIntegrity(where.name());
}

TEST_CASE("a server that dies loses nothing that was acknowledged, and the writer goes on") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) {
    MESSAGE("skipped: " << PostgresServer::whyNot());
    return;
  }
  const OnPostgres where;
  constexpr std::size_t kRuns = 60;
  Writer writer(where.name(), 0, kRuns);
  std::set<std::size_t> acknowledged;
  while (const auto number = writer.next()) {
    acknowledged.insert(*number);
    if (*number % 20 != 9) continue;
    server->crash();
    server->start();
  }
  CHECK(acknowledged.size() == kRuns);
  HistoryStore store = openStore(where.name());
  CHECK(store.totals().runs == kRuns);  // none twice, whatever was repeated
  checkWhole(store, acknowledged);
}

TEST_CASE("a server that dies within a transaction: it is repeated, and told") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const OnPostgres where;
  std::string told;
  const auto database =
      openDatabase(where.name(), Missing::create, [&](const std::string& what) { told = what; });
  database->execute("CREATE TABLE t (x BIGINT)");
  int attempts = 0;
  database->transact([&] {
    database->execute("INSERT INTO t VALUES ($1)", {std::int64_t{1}});
    if (++attempts != 1) return;
    server->crash();
    server->start();
  });
  CHECK(attempts == 2);
  CHECK(told.find("trying again for 20 s") != std::string::npos);
  std::int64_t rows = 0;
  database->query("SELECT count(*) FROM t", {}, [&](const SqlRow& row) { rows = row.integer(0); });
  CHECK(rows == 1);
}

TEST_CASE("SQLite: a full disk is told, nothing is torn, and add works when there is room") {
  const Workspace workspace;
  const SmallDisk disk(workspace.file("disk"), 600 << 10);
  if (!disk.available()) {
    MESSAGE("skipped: " << disk.whyNot());
    return;
  }
  const std::string file = workspace.file("disk/history.db").string();
  std::size_t added = 0;
  {
    HistoryStore store = openStore(file);
    const std::string message = fill(store, added);
    CHECK(message.find("history.db: ") != std::string::npos);
    CHECK(message.find("the disk is full or failed; nothing was added") != std::string::npos);
    CHECK(added >= 10);
    checkFilled(store, added);
  }
  {
    HistoryStore store = openStore(file);
    checkFilled(store, added);
  }
  disk.grow(4 << 20);
  checkIntegrity(file);
  HistoryStore store = openStore(file);
  CHECK(store.add(sampleRun(200'000)));
  CHECK(store.totals().runs == static_cast<std::int64_t>(added) + 1);
}

TEST_CASE("SQLite: a limit of the file's size is a full disk, too") {
  const Workspace workspace;
  const std::string file = workspace.file("history.db").string();
  openStore(file);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{256 << 10, 256 << 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::size_t added = 0;
    HistoryStore store = openStore(file);
    const bool told = fill(store, added).find("nothing was added") != std::string::npos;
    ::_exit(told && store.totals().runs == static_cast<std::int64_t>(added) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  checkIntegrity(file);
  HistoryStore store = openStore(file);
  CHECK(store.totals().runs > 0);
  CHECK(store.add(sampleRun(200'000)));
}

TEST_CASE("PostgreSQL: a full disk is told, nothing is torn, and add works when there is room") {
  PostgresServer* server = PostgresServer::shared();
  const Workspace workspace;
  const std::filesystem::path folder = workspace.file("disk");
  const SmallDisk disk(folder, 1 << 20);
  if (server == nullptr || !disk.available()) {
    MESSAGE("skipped: " << (server == nullptr ? PostgresServer::whyNot() : disk.whyNot()));
    return;
  }
  std::filesystem::permissions(workspace.file("."), std::filesystem::perms(0711));
  server->giveToServer(folder);
  server->execute("CREATE TABLESPACE small LOCATION '" + folder.string() + "'");
  server->createDatabase("small_history");
  const std::string url = server->url("small_history", "-c default_tablespace=small");
  {
    std::size_t added = 0;
    HistoryStore store = openStore(url);
    const std::string message = fill(store, added);
    CHECK(message.find("No space left on device") != std::string::npos);
    CHECK(message.find("nothing was added. Make room on the server") != std::string::npos);
    CHECK(added >= 10);
    checkFilled(store, added);
    disk.grow(8 << 20);
    CHECK(store.add(sampleRun(200'000)));
    checkFilled(store, added + 1);
  }
  server->execute("DROP DATABASE small_history");
  server->execute("DROP TABLESPACE small");
}
