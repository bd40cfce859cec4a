// An empty history on each kind of database: for TEST_CASE_TEMPLATE.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "history/history_store.hpp"
#include "postgres_server.hpp"
#include "session/workspace.hpp"

namespace leakgate {

struct OnSqlite {
  Workspace workspace;
  bool available() const { return true; }
  std::string name() const { return workspace.file("history.db").string(); }
};

struct OnPostgres {
  OnPostgres() {
    static int count = 0;
    if (PostgresServer* server = PostgresServer::shared()) {
      database = "history" + std::to_string(count++);
      server->createDatabase(database);
    }
  }
  bool available() const {
    if (!database.empty()) return true;
    MESSAGE("skipped: " << PostgresServer::whyNot());
    return false;
  }
  std::string name() const { return PostgresServer::shared()->url(database); }
  std::string database;
};

inline HistoryStore openStore(const std::string& name) {
  return HistoryStore(openDatabase(name, Missing::create, {}));
}

}  // namespace leakgate

TYPE_TO_STRING(leakgate::OnSqlite);
TYPE_TO_STRING(leakgate::OnPostgres);
