#include "notes_store.hpp"

namespace notes {
namespace {

constexpr int kBusyMs = 5'000;

constexpr const char* kSchema = R"(
  PRAGMA journal_mode = WAL;
  PRAGMA foreign_keys = ON;
  CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    title TEXT NOT NULL, text TEXT NOT NULL, attachment TEXT NOT NULL DEFAULT '');
  CREATE INDEX IF NOT EXISTS notes_of_user ON notes (user, id);
)";

Note noteOf(SQLite::Statement& row) {
  return {row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString(),
          row.getColumn(3).getString()};
}

// For LIKE ... ESCAPE '\': what a user types is no pattern.
std::string patternOf(const std::string& search) {
  std::string pattern = "%";
  for (const char c : search) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace

NotesStore::NotesStore(const std::string& path)
    : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMs) {
  database_.exec(kSchema);
}

std::optional<std::int64_t> NotesStore::addUser(const std::string& name, const std::string& passwordHash) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement insert(database_,
                           "INSERT INTO users (name, password) VALUES (?, ?) ON CONFLICT DO NOTHING");
  insert.bind(1, name);
  insert.bind(2, passwordHash);
  if (insert.exec() == 0) return std::nullopt;
  return database_.getLastInsertRowid();
}

std::optional<User> NotesStore::findUser(const std::string& name) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement row(database_, "SELECT id, password FROM users WHERE name = ?");
  row.bind(1, name);
  if (!row.executeStep()) return std::nullopt;
  return User{row.getColumn(0).getInt64(), row.getColumn(1).getString()};
}

std::vector<Note> NotesStore::list(std::int64_t user, const std::string& search, int limit) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement row(database_, R"(SELECT id, title, text, attachment FROM notes
      WHERE user = ? AND (title LIKE ?2 ESCAPE '\' OR text LIKE ?2 ESCAPE '\') ORDER BY id DESC LIMIT ?3)");
  row.bind(1, user);
  row.bind(2, patternOf(search));
  row.bind(3, limit);
  std::vector<Note> found;
  while (row.executeStep()) found.push_back(noteOf(row));
  return found;
}

std::optional<Note> NotesStore::find(std::int64_t user, std::int64_t id) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement row(database_, "SELECT id, title, text, attachment FROM notes WHERE user = ? AND id = ?");
  row.bind(1, user);
  row.bind(2, id);
  if (!row.executeStep()) return std::nullopt;
  return noteOf(row);
}

std::int64_t NotesStore::add(std::int64_t user, const Note& note) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement insert(database_, "INSERT INTO notes (user, title, text) VALUES (?, ?, ?)");
  insert.bind(1, user);
  insert.bind(2, note.title);
  insert.bind(3, note.text);
  insert.exec();
  return database_.getLastInsertRowid();
}

bool NotesStore::change(std::int64_t user, const Note& note) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement update(database_, "UPDATE notes SET title = ?, text = ? WHERE user = ? AND id = ?");
  update.bind(1, note.title);
  update.bind(2, note.text);
  update.bind(3, user);
  update.bind(4, note.id);
  return update.exec() != 0;
}

bool NotesStore::remove(std::int64_t user, std::int64_t id) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement erase(database_, "DELETE FROM notes WHERE user = ? AND id = ?");
  erase.bind(1, user);
  erase.bind(2, id);
  return erase.exec() != 0;
}

bool NotesStore::attach(std::int64_t user, std::int64_t id, const std::string& fileName) {
  const std::lock_guard lock(mutex_);
  SQLite::Statement update(database_, "UPDATE notes SET attachment = ? WHERE user = ? AND id = ?");
  update.bind(1, fileName);
  update.bind(2, user);
  update.bind(3, id);
  return update.exec() != 0;
}

}  // namespace notes
