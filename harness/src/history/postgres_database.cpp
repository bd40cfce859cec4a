#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <pqxx/pqxx>
#include <thread>

#include "history/database.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;

// The key of the advisory lock under which the schema changes: "leakgate" in ASCII.
constexpr const char* kSchemaLock = "7810756242667828325";

class PostgresRow final : public SqlRow {
 public:
  explicit PostgresRow(const pqxx::row& row) : row_(row) {}
  std::int64_t integer(int column) const override { return row_[column].as<std::int64_t>(); }
  double real(int column) const override { return row_[column].as<double>(); }
  std::string text(int column) const override { return row_[column].c_str(); }

 private:
  const pqxx::row& row_;
};

std::string firstLineOf(const char* message) {
  const std::string_view text = message;
  return std::string(text.substr(0, text.find('\n')));
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string url, OnRetry onRetry)
      : url_(std::move(url)), name_(withoutPassword(url_)), onRetry_(std::move(onRetry)) {
    // A wrong name or password does not get better by waiting.
    try {
      connect();
    } catch (const std::exception& error) {
      throw DatabaseError(
          fmt::format("{}: {}; check the URL, and that the server runs", name_, firstLineOf(error.what())));
    }
  }

  // A transaction whose COMMIT got no reply is run again as well: every statement of the store tolerates
  // that its rows are there already.
  void transact(const std::function<void()>& work) override {
    retried([&] {
      connect();
      pqxx::work transaction(*connection_);
      transaction_ = &transaction;
      try {
        work();
      } catch (...) {
        transaction_ = nullptr;
        throw;
      }
      transaction_ = nullptr;
      transaction.commit();
    });
  }

  void query(const std::string& sql, const std::vector<SqlValue>& parameters, const OnRow& onRow) override {
    if (transaction_ != nullptr) return run(*transaction_, sql, parameters, onRow);
    retried([&] {
      connect();
      pqxx::nontransaction alone(*connection_);
      run(alone, sql, parameters, onRow);
    });
  }

  bool hasTable(const std::string& name) override {
    bool found = false;
    query("SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)", {name},
          [&](const SqlRow& row) { found = row.integer(0) != 0; });
    return found;
  }

  void lockSchema() override { execute(fmt::format("SELECT pg_advisory_xact_lock({})", kSchemaLock)); }

  std::int64_t diskBytes() override {
    std::int64_t bytes = 0;
    query(
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class WHERE relkind = 'r' "
        "AND relname LIKE 'history\\_%' AND pg_table_is_visible(oid)",
        {}, [&](const SqlRow& row) { bytes = row.integer(0); });
    return bytes;
  }

  const std::string& name() const override { return name_; }
  std::string_view clusteredByKey() const override { return ""; }

 private:
  // Prepared text for a parameter: PostgreSQL converts it to the column's type.
  static std::string asText(const SqlValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
    return std::to_string(std::get<std::int64_t>(value));
  }

  template <class Transaction>
  static pqxx::result resultOf(Transaction& transaction, const std::string& sql,
                               const std::vector<std::string>& parameters) {
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
    pqxx::params all;
    for (const std::string& parameter : parameters) all.append(parameter);
    return transaction.exec(sql, all);
#else  // Debian 12
    return transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(parameters));
#endif
  }

  template <class Transaction>
  static void run(Transaction& transaction, const std::string& sql, const std::vector<SqlValue>& parameters,
                  const OnRow& onRow) {
    std::vector<std::string> texts;
    for (const SqlValue& value : parameters) texts.push_back(asText(value));
    const pqxx::result result = resultOf(transaction, sql, texts);
    for (const auto& row : result) onRow(PostgresRow(row));
  }

  void connect() {
    if (connection_ && connection_->is_open()) return;
    connection_.reset();
    connection_ = std::make_unique<pqxx::connection>(url_);
  }

  // Runs `work` until it succeeds or kRetrySeconds are over; the pauses double from 50 ms to 1 s.
  template <class Work>
  void retried(const Work& work) {
    const auto end = Clock::now() + std::chrono::seconds(kRetrySeconds);
    for (std::chrono::milliseconds pause{50};; pause = std::min(2 * pause, std::chrono::milliseconds(1000))) {
      std::string why;
      try {
        return work();
      } catch (const pqxx::broken_connection& error) {
        why = firstLineOf(error.what());
        connection_.reset();
      } catch (const pqxx::in_doubt_error&) {
        why = "the server did not acknowledge the transaction";
        connection_.reset();
      } catch (const pqxx::transaction_rollback& error) {  // a deadlock, or a conflict
        why = firstLineOf(error.what());
      } catch (const pqxx::disk_full& error) {
        throw DatabaseError(
            fmt::format("{}: {}; nothing was added. Make room on the server, then add the report again",
                        name_, firstLineOf(error.what())));
      } catch (const pqxx::sql_error& error) {
        if (!isLost(error)) throw DatabaseError(fmt::format("{}: {}", name_, firstLineOf(error.what())));
        why = firstLineOf(error.what());
        connection_.reset();
      }
      if (Clock::now() + pause > end) {
        throw DatabaseError(
            fmt::format("{}: {}; tried for {} s, and nothing was added. Start the server, then try again",
                        name_, why, kRetrySeconds));
      }
      if (pause == std::chrono::milliseconds(50) && onRetry_)
        onRetry_(fmt::format("{}: {}; trying again for {} s", name_, why, kRetrySeconds));
      std::this_thread::sleep_for(pause);
    }
  }

  // SQLSTATE 57P01 to 57P03: the server shuts down, or starts; 08: the connection failed; none: it was cut.
  static bool isLost(const pqxx::sql_error& error) {
    const std::string& state = error.sqlstate();
    return state.empty() || state.rfind("57P0", 0) == 0 || state.rfind("08", 0) == 0;
  }

  std::string url_;
  std::string name_;
  OnRetry onRetry_;
  std::unique_ptr<pqxx::connection> connection_;
  pqxx::work* transaction_ = nullptr;  ///< of transact(), while it runs
};

}  // namespace

std::unique_ptr<Database> openPostgres(const std::string& url, OnRetry onRetry) {
  return std::make_unique<PostgresDatabase>(url, std::move(onRetry));
}

}  // namespace leakgate
