// The little that the history needs of an SQL database, so that one store works on SQLite and on PostgreSQL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace leakgate {

/// The database cannot do its work now: unreachable, busy for too long, a full disk. Nothing of the
/// transaction was kept. The message says what to do; exit code 3.
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using SqlValue = std::variant<std::int64_t, double, std::string>;

/// One row of a result. Valid during the call that it is passed to; columns count from 0.
class SqlRow {
 public:
  virtual ~SqlRow() = default;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string text(int column) const = 0;
};

/// One connection. Threads: one owner.
class Database {
 public:
  using OnRow = std::function<void(const SqlRow&)>;

  virtual ~Database() = default;

  /// Runs `work` in a transaction that can write. When it returns, all of it is on disk and survives the
  /// death of this process, of the server, and of the machine; when it throws, nothing is kept. `work` may
  /// run more than once: PostgreSQL repeats it after a lost connection or a conflict, for at most
  /// kRetrySeconds.
  /// Errors: DatabaseError; what `work` throws.
  virtual void transact(const std::function<void()>& work) = 0;

  /// Runs one statement with the parameters $1, $2 ... Errors: DatabaseError.
  virtual void query(const std::string& sql, const std::vector<SqlValue>& parameters, const OnRow& onRow) = 0;
  void execute(const std::string& sql, const std::vector<SqlValue>& parameters = {}) {
    query(sql, parameters, [](const SqlRow&) {});
  }

  virtual bool hasTable(const std::string& name) = 0;

  /// Within a transaction: no other connection changes the schema until it ends.
  virtual void lockSchema() = 0;

  /// Disk space of the tables and indexes, in bytes.
  virtual std::int64_t diskBytes() = 0;

  /// For messages: the file, or the URL without its password.
  virtual const std::string& name() const = 0;

  /// For CREATE TABLE of a table without a key of its own: SQLite then keeps the rows in the order of their
  /// key.
  virtual std::string_view clusteredByKey() const = 0;
};

/// How long a transaction waits for another writer, or for a server that comes back.
inline constexpr int kRetrySeconds = 20;

/// Told when a transaction has to wait: "the server is gone, trying again for 20 s".
using OnRetry = std::function<void(const std::string&)>;

enum class Missing { create, refuse };

/// Opens the file in WAL mode; `missing`: whether a file that does not exist is created.
/// Errors: InputError when it is missing, or not an SQLite file; DatabaseError.
std::unique_ptr<Database> openSqlite(const std::string& file, Missing missing);

/// Errors: InputError for a URL that libpq cannot read, or when leakgate was built without PostgreSQL;
/// DatabaseError when the server cannot be reached.
std::unique_ptr<Database> openPostgres(const std::string& url, OnRetry onRetry);

/// Whether a history's name is a URL of PostgreSQL: "postgresql://..." or "postgres://...".
bool isPostgresUrl(std::string_view name);

/// The URL with "***" for its password.
std::string withoutPassword(const std::string& url);

/// Opens either.
std::unique_ptr<Database> openDatabase(const std::string& name, Missing missing, OnRetry onRetry);

}  // namespace leakgate
