// Users and their notes, in a SQLite file.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace notes {

struct User {
  std::int64_t id = 0;
  std::string passwordHash;
};

struct Note {
  std::int64_t id = 0;
  std::string title;
  std::string text;
  std::string attachment;  ///< name of its file, "" for none
};

/// Each call is one transaction, and may wait for the disk: call it off the loop.
///
/// Errors: SQLite::Exception. Threads: any.
class NotesStore {
 public:
  /// `path`: created if it is missing; ":memory:" for a store that ends with this object.
  explicit NotesStore(const std::string& path);

  /// nullopt when the name is taken.
  std::optional<std::int64_t> addUser(const std::string& name, const std::string& passwordHash);
  std::optional<User> findUser(const std::string& name);

  /// The newest first, whose title or text has `search`.
  std::vector<Note> list(std::int64_t user, const std::string& search, int limit);
  std::optional<Note> find(std::int64_t user, std::int64_t id);
  std::int64_t add(std::int64_t user, const Note& note);
  // False when the user has no such note.
  bool change(std::int64_t user, const Note& note);
  bool remove(std::int64_t user, std::int64_t id);
  bool attach(std::int64_t user, std::int64_t id, const std::string& fileName);

 private:
  std::mutex mutex_;
  SQLite::Database database_;
};

}  // namespace notes
