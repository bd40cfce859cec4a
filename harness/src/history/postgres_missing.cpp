// Takes the place of postgres_database.cpp where libpqxx was not found.
#include "history/database.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

std::unique_ptr<Database> openPostgres(const std::string& url, OnRetry) {
  throw InputError(
      withoutPassword(url), "", "a PostgreSQL server", "an SQLite file",
      "this leakgate was built without libpqxx: install libpqxx-dev, and configure and build again");
}

}  // namespace leakgate
