// Notes as JSON, and their attachments as streams.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "h3http/async.hpp"
#include "h3http/blocking.hpp"
#include "h3http/json_binding.hpp"
#include "h3http/json_writer.hpp"
#include "h3http/sessions.hpp"
#include "h3http/typed_values.hpp"
#include "notes_app.hpp"

namespace notes {
namespace {

using Work = boost::asio::awaitable<void>;
using h3::Event;

constexpr std::uint64_t kMaxAttachmentBytes = std::uint64_t{4} * 1024 * 1024 * 1024;
constexpr std::size_t kSliceBytes = 64 * 1024;

// What a client sends.
struct NoteText {
  std::string_view title;
  std::string_view text;
  static constexpr auto fields() {
    return std::tuple{h3::field("title", &NoteText::title, {.minBytes = 1, .maxBytes = 200}),
                      h3::field("text", &NoteText::text, {.maxBytes = 100'000})};
  }
};

// What it gets.
struct NoteShown {
  std::int64_t id = 0;
  std::string title;
  std::string text;
  bool attachment = false;
  static constexpr auto fields() {
    return std::tuple{h3::field("id", &NoteShown::id), h3::field("title", &NoteShown::title),
                      h3::field("text", &NoteShown::text), h3::field("attachment", &NoteShown::attachment)};
  }
};

std::int64_t userOf(Event& event) {
  const std::string_view text = h3::session(event).get("user").value_or("0");
  std::int64_t user = 0;
  std::from_chars(text.data(), text.data() + text.size(), user);
  return user;
}

void write(h3::JsonWriter& json, const Note& note) {
  json.beginObject().key("id").value(note.id).key("title").value(note.title).key("text").value(note.text);
  json.key("attachment").value(!note.attachment.empty()).endObject();
}

[[noreturn]] void notFound() { throw h3::HttpError(404, "there is no such note"); }

Work listNotes(Event& event, NotesStore& store, std::string_view search, int limit) {
  const std::int64_t user = userOf(event);
  const std::string text(search);
  std::vector<Note> found;
  co_await h3::blocking(event, [&] { found = store.list(user, text, limit); });
  h3::JsonWriter json(event.arena());
  json.beginArray();
  for (const Note& note : found) write(json, note);
  event.sendJson(json.endArray());
}

Work showNote(Event& event, NotesStore& store, std::int64_t id) {
  const std::int64_t user = userOf(event);
  std::optional<Note> note;
  co_await h3::blocking(event, [&] { note = store.find(user, id); });
  if (!note) notFound();
  h3::JsonWriter json(event.arena());
  write(json, *note);
  event.sendJson(json);
}

Work addNote(Event& event, NotesStore& store, NoteText given) {
  const std::int64_t user = userOf(event);
  const Note note{0, std::string(given.title), std::string(given.text), {}};
  std::int64_t id = 0;
  co_await h3::blocking(event, [&] { id = store.add(user, note); });
  event.setHeader("Location", "/api/notes/" + std::to_string(id));
  event.setStatus(201).sendJson({{"id", id}});
}

Work changeNote(Event& event, NotesStore& store, std::int64_t id, NoteText given) {
  const std::int64_t user = userOf(event);
  const Note note{id, std::string(given.title), std::string(given.text), {}};
  bool known = false;
  co_await h3::blocking(event, [&] { known = store.change(user, note); });
  if (!known) notFound();
  event.sendNothing();
}

Work removeNote(Event& event, NotesStore& store, std::filesystem::path file, std::int64_t id) {
  const std::int64_t user = userOf(event);
  bool known = false;
  co_await h3::blocking(event, [&] {
    known = store.remove(user, id);
    if (known) std::filesystem::remove(file);
  });
  if (!known) notFound();
  event.sendNothing();
}

// A file that is written whole, or not at all.
class Upload {
 public:
  explicit Upload(std::filesystem::path target)
      : target_(std::move(target)), partial_(target_.string() + ".part") {
    file_.exceptions(std::ios::failbit | std::ios::badbit);
    file_.open(partial_, std::ios::binary | std::ios::trunc);
  }
  ~Upload() {
    std::error_code ignored;
    if (!finished_) std::filesystem::remove(partial_, ignored);
  }
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  void add(std::string_view bytes) { file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); }
  void finish() {
    file_.close();
    std::filesystem::rename(partial_, target_);
    finished_ = true;
  }

 private:
  std::filesystem::path target_;
  std::filesystem::path partial_;
  std::ofstream file_;
  bool finished_ = false;
};

Work putAttachment(Event& event, NotesStore& store, std::filesystem::path file, std::int64_t id) {
  const std::int64_t user = userOf(event);
  std::optional<Upload> upload;
  bool known = false;
  co_await h3::blocking(event, [&] {
    known = store.find(user, id).has_value();
    if (known) upload.emplace(file);
  });
  if (!known) notFound();
  for (std::string_view piece; !(piece = co_await event.readSome()).empty();)
    co_await h3::blocking(event, [&] { upload->add(piece); });
  co_await h3::blocking(event, [&] {
    upload->finish();
    store.attach(user, id, file.filename().string());
  });
  event.sendNothing();
}

Work getAttachment(Event& event, NotesStore& store, std::filesystem::path file, std::int64_t id) {
  const std::int64_t user = userOf(event);
  std::ifstream input;
  std::vector<char> slice;
  co_await h3::blocking(event, [&] {
    const std::optional<Note> note = store.find(user, id);
    if (note && !note->attachment.empty()) input.open(file, std::ios::binary);
    slice.resize(kSliceBytes);
  });
  if (!input.is_open()) throw h3::HttpError(404, "this note has no attachment");
  event.setHeader("Content-Disposition", "attachment");
  event.startStream("application/octet-stream");
  while (true) {
    co_await h3::blocking(event, [&] { input.read(slice.data(), kSliceBytes); });
    const auto bytes = static_cast<std::size_t>(input.gcount());
    if (bytes == 0) break;
    co_await event.write({slice.data(), bytes});
  }
}

}  // namespace

void addNotesApi(h3::App& app, NotesStore& store, const NotesOptions& options) {
  constexpr auto kId = h3::inPath<std::int64_t>("id", {.min = 1});
  constexpr auto kText = h3::inJson<NoteText>();
  constexpr const char* kMissing = "The user has no such note";
  const auto fileOf = [uploads = options.uploads](std::int64_t id) { return uploads / std::to_string(id); };
  app.get("/api/notes", h3::withValues([&store](Event& event, std::string_view search,
                                                int limit) { return listNotes(event, store, search, limit); },
                                       h3::inQuery<std::string_view>("q", {.maxBytes = 100, .fallback = ""}),
                                       h3::inQuery<int>("limit", {.min = 1, .max = 100, .fallback = 20})))
      .summary("Notes that contain a text, the newest first")
      .tag("notes")
      .response(200, "The notes", h3::jsonSchema<std::vector<NoteShown>>());
  app.post("/api/notes",
           h3::withValues([&store](Event& event, NoteText given) { return addNote(event, store, given); },
                          kText))
      .summary("Adds a note")
      .tag("notes")
      .response(201, "Added; Location says where");
  app.get("/api/notes/:id",
          h3::withValues([&store](Event& event, std::int64_t id) { return showNote(event, store, id); }, kId))
      .summary("One note")
      .tag("notes")
      .response(200, "The note", h3::jsonSchema<NoteShown>())
      .response(404, kMissing, "", "text/plain");
  app.put("/api/notes/:id",
          h3::withValues([&store](Event& event, std::int64_t id,
                                  NoteText given) { return changeNote(event, store, id, given); },
                         kId, kText))
      .summary("Changes a note")
      .tag("notes")
      .response(204, "Changed")
      .response(404, kMissing, "", "text/plain");
  app.del("/api/notes/:id", h3::withValues(
                                [&store, fileOf](Event& event, std::int64_t id) {
                                  return removeNote(event, store, fileOf(id), id);
                                },
                                kId))
      .summary("Removes a note and its attachment")
      .tag("notes")
      .response(204, "Removed")
      .response(404, kMissing, "", "text/plain");
  app.put("/api/notes/:id/attachment", h3::withValues(
                                           [&store, fileOf](Event& event, std::int64_t id) {
                                             return putAttachment(event, store, fileOf(id), id);
                                           },
                                           kId))
      .streamBody(kMaxAttachmentBytes)
      .summary("Attaches the body, of any type")
      .tag("attachments")
      .response(204, "Attached")
      .response(404, kMissing, "", "text/plain");
  app.get("/api/notes/:id/attachment", h3::withValues(
                                           [&store, fileOf](Event& event, std::int64_t id) {
                                             return getAttachment(event, store, fileOf(id), id);
                                           },
                                           kId))
      .summary("The attachment")
      .tag("attachments")
      .response(200, "Its bytes", "", "application/octet-stream")
      .response(404, "The note has no attachment", "", "text/plain");
}

}  // namespace notes
