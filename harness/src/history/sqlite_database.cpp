#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>
#include <sqlite3.h>

#include <filesystem>

#include "history/database.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

constexpr int kBusyMs = kRetrySeconds * 1000;

class SqliteRow final : public SqlRow {
 public:
  explicit SqliteRow(SQLite::Statement& statement) : statement_(statement) {}
  std::int64_t integer(int column) const override { return statement_.getColumn(column).getInt64(); }
  double real(int column) const override { return statement_.getColumn(column).getDouble(); }
  std::string text(int column) const override { return statement_.getColumn(column).getString(); }

 private:
  SQLite::Statement& statement_;
};

std::string adviceFor(int code) {
  switch (code) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return "the disk is full or failed; nothing was added. Make room, then add the report again";
    case SQLITE_BUSY:
      return fmt::format("another process has been writing for {} s; nothing was added. Try again",
                         kRetrySeconds);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "check that the file and its folder can be written";
    default:
      return "nothing was changed";
  }
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::string& file, int flags) : name_(file), database_(file, flags, kBusyMs) {
    // Of a file that is no database the first statement fails. FULL: a transaction is on disk when it has
    // returned.
    database_.exec("PRAGMA journal_mode = WAL");
    database_.exec("PRAGMA synchronous = FULL");
  }

  void transact(const std::function<void()>& work) override {
    guarded([&] {
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      work();
      transaction.commit();
    });
  }

  void query(const std::string& sql, const std::vector<SqlValue>& parameters, const OnRow& onRow) override {
    guarded([&] {
      SQLite::Statement statement(database_, sql);
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::string name = "$" + std::to_string(i + 1);
        std::visit([&](const auto& value) { statement.bind(name, value); }, parameters[i]);
      }
      const SqliteRow row(statement);
      while (statement.executeStep()) onRow(row);
    });
  }

  bool hasTable(const std::string& name) override { return database_.tableExists(name); }
  void lockSchema() override {}  // a transaction that can write is alone

  std::int64_t diskBytes() override {
    std::int64_t bytes = 0;
    query("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", {},
          [&](const SqlRow& row) { bytes = row.integer(0); });
    return bytes;
  }

  const std::string& name() const override { return name_; }
  std::string_view clusteredByKey() const override { return "WITHOUT ROWID"; }

 private:
  template <class Work>
  void guarded(const Work& work) {
    try {
      work();
    } catch (const SQLite::Exception& error) {
      throw DatabaseError(
          fmt::format("{}: {}; {}", name_, error.what(), adviceFor(error.getErrorCode() & 0xff)));
    }
  }

  std::string name_;
  SQLite::Database database_;
};

}  // namespace

std::unique_ptr<Database> openSqlite(const std::string& file, Missing missing) {
  if (missing == Missing::refuse && !std::filesystem::exists(file)) {
    throw InputError(file, "", "no such file", "a history",
                     "make it with leakgate history add REPORT, or name another with --history");
  }
  const auto folder = std::filesystem::path(file).parent_path();
  std::error_code ignored;
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  try {
    return std::make_unique<SqliteDatabase>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_NOTADB) {
      throw InputError(file, "", "a file of another kind", "a history, an SQLite file",
                       "reports are added with leakgate history add REPORT");
    }
    throw DatabaseError(
        fmt::format("{}: {}; {}", file, error.what(), adviceFor(error.getErrorCode() & 0xff)));
  }
}

}  // namespace leakgate
