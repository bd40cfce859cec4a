// The notes service: its routes.
#pragma once

#include <filesystem>
#include <string>

#include "h3http/app.hpp"
#include "notes_store.hpp"

namespace notes {

struct NotesOptions {
  std::filesystem::path web;      ///< the front-end's files
  std::filesystem::path uploads;  ///< where attachments are kept; must exist
  bool secureCookies = true;      ///< false for development over plain HTTP
  std::string origin = {};        ///< of a front-end elsewhere, such as "https://app.example.org"; "": none
};

/// All routes of the service. `store` must outlive the App.
h3::App makeNotesApp(NotesStore& store, const NotesOptions& options);

/// Routes of users: forms for registration, login and logout. They set the session's "user".
void addAccounts(h3::App& app, NotesStore& store);
/// JSON below /api, for the session's user.
void addNotesApi(h3::App& app, NotesStore& store, const NotesOptions& options);

}  // namespace notes
