#include "demo_request.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "h3http/h3.hpp"
#include "h3http/json_binding.hpp"

namespace demo {

using h3::Event;

enum class Order { newest, oldest };

constexpr auto valueNames(Order) {
  return std::to_array<h3::ValueName<Order>>({{"newest", Order::newest}, {"oldest", Order::oldest}});
}

/// Views and spans are in the event's memory: nothing of it is on the heap.
struct Note {
  std::string_view title;
  std::span<const std::string_view> tags;
  std::optional<int> priority;

  static constexpr auto fields() {
    return std::tuple{h3::field("title", &Note::title, {.minBytes = 1, .maxBytes = 80}),
                      h3::field("tags", &Note::tags, {.maxItems = 10, .required = false}),
                      h3::field("priority", &Note::priority, {.min = 1, .max = 5})};
  }
};

namespace {

void listNotes(Event& event) {
  const auto [limit, order, text] =
      h3::readValues(event, h3::inQuery<int>("limit", {.min = 1, .max = 100, .fallback = 20}),
                     h3::inQuery<Order>("order", {.fallback = Order::newest}),
                     h3::inQuery<std::string_view>("text", {.maxBytes = 100, .fallback = ""}));
  event.sendJson({{"limit", limit}, {"newest", order == Order::newest}, {"text", text}});
}

void showNote(Event& event, int id, bool full) { event.sendJson({{"id", id}, {"full", full}}); }

void storeNote(Event& event, int id, const Note& note) {
  event.setStatus(201).sendJson({{"id", id},
                                 {"title", note.title},
                                 {"tags", note.tags.size()},
                                 {"priority", note.priority.value_or(3)}});
}

void readUpload(Event& event) {
  const h3::Form& form = h3::readForm(event);
  const h3::FormField* const file = form.file("file");
  event.sendJson({{"title", form.first("title").value_or("")},
                  {"fields", form.fields().size()},
                  {"file_bytes", file == nullptr ? 0 : file->value.size()}});
}

void greet(Event& event) {
  const std::string_view language = h3::acceptsLanguage(event, {"en", "de"}).value_or("en");
  const std::string_view text = language == "de" ? "Guten Tag" : "Good day";
  event.setHeader("Vary", "Accept, Accept-Language");
  const auto type = h3::accepts(event, {"application/json", "text/plain"});
  if (!type) return h3::sendProblem(event, {.status = 406, .detail = "this is JSON or plain text"});
  if (*type == "text/plain") return event.sendText(text);
  event.sendJson({{"greeting", text}});
}

void showClient(Event& event) {
  event.sendJson({{"client", event.clientAddress()},
                  {"scheme", event.scheme()},
                  {"host", event.host()},
                  {"peer", h3::peerAddress(event)}});
}

}  // namespace

void addRequestRoutes(h3::App& app) {
  app.get("/request/notes", listNotes);
  app.get("/request/notes/:id", h3::withValues(showNote, h3::inPath<int>("id", {.min = 1}),
                                               h3::inQuery<bool>("full", {.fallback = false})));
  app.put("/request/notes/:id", h3::withValues(storeNote, h3::inPath<int>("id", {.min = 1}),
                                               h3::inJson<Note>({.maxBytes = 64 * 1024})));
  app.post("/request/upload", readUpload);
  app.get("/request/greeting", greet);
  app.get("/request/client", showClient).useFast(h3::trustProxies({.networks = {"127.0.0.0/8"}}));
}

}  // namespace demo
