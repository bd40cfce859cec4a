// A PostgreSQL server of the test's own: a cluster in a temporary folder, reached by its socket there.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace leakgate {

/// The server is started by start() and ends with the test, however that ends. As root it runs as
/// "postgres", since it refuses to run as root. Threads: one owner.
class PostgresServer {
 public:
  /// Starts the one server of this test executable at the first call. nullptr when it cannot run here:
  /// whyNot() says why.
  static PostgresServer* shared();
  static const std::string& whyNot();

  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start();  ///< returns when it takes connections

  /// Ends it without a checkpoint, as a crash does (SIGQUIT: its processes exit at once), and waits for that.
  void crash();

  /// The URL of a database, which must exist. `options`: "-c default_tablespace=small".
  std::string url(const std::string& database, const std::string& options = "") const;

  /// Makes an empty database.
  void createDatabase(const std::string& database) const;
  void execute(const std::string& statement) const;

  const std::filesystem::path& folder() const { return folder_; }
  void giveToServer(const std::filesystem::path& path) const;  ///< makes its user the owner

 private:
  std::filesystem::path folder_;
  pid_t pid_ = -1;
};

}  // namespace leakgate
