#include "h3http/json_binding.hpp"

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/typed_values.hpp"

using namespace h3::test;

namespace notes {

enum class Color { red, blue };
constexpr auto valueNames(Color) {
  return std::to_array<h3::ValueName<Color>>({{"red", Color::red}, {"blue", Color::blue}});
}

struct Place {
  double latitude = 0;
  double longitude = 0;
  static constexpr auto fields() {
    return std::tuple{h3::field("lat", &Place::latitude, {.min = -90, .max = 90}),
                      h3::field("a/b~c", &Place::longitude, {.min = -180, .max = 180})};
  }
};

struct Note {
  std::string title;
  std::vector<std::string> tags;
  std::optional<int> priority;
  Color color = Color::red;
  bool done = false;
  std::vector<Place> places = {};
  static constexpr auto fields() {
    return std::tuple{
        h3::field("title", &Note::title, {.minBytes = 1, .maxBytes = 8}),
        h3::field("tags", &Note::tags, {.maxItems = 2, .required = false, .each = {.maxBytes = 3}}),
        h3::field("priority", &Note::priority, {.min = 1, .max = 5}),
        h3::field("color", &Note::color),
        h3::field("done", &Note::done, {.fallback = true}),
        h3::field("places", &Note::places, {.required = false})};
  }
};

// Nothing of its own on the heap.
struct Plain {
  std::string_view text;
  std::span<const int> numbers;
  std::optional<double> factor;
  static constexpr auto fields() {
    return std::tuple{h3::field("text", &Plain::text), h3::field("numbers", &Plain::numbers),
                      h3::field("factor", &Plain::factor)};
  }
};

}  // namespace notes

namespace {

std::string postText(const std::string& body, const std::string& type = "application/json") {
  return requestText(
             "POST", "/",
             "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") +
         body;
}

// The wrong values: "pointer found -> expected", each on a line.
template <class T>
std::string problemsOf(const std::string& body, const h3::JsonOptions& options = {}) {
  std::string problems;
  h3::App app;
  app.post("/", [&](h3::Event& event) {
    try {
      (void)h3::readJson<T>(event, options);
    } catch (const h3::InvalidValues& invalid) {
      for (const h3::InvalidValue& value : invalid.listed())
        problems += value.name + " " + value.found.value_or("nothing") + " -> " + value.expected + "\n";
    }
    event.sendText("");
  });
  LocalWorker worker(app);
  worker.run(postText(body));
  return problems;
}

}  // namespace

TEST_CASE("a body becomes a struct: all kinds of members, in any order") {
  notes::Note note;
  int status = 0;
  h3::App app;
  app.post("/", [&note](h3::Event& event) {
    note = h3::readJson<notes::Note>(event);
    event.sendText("");
  });
  LocalWorker worker(app);
  status = worker
               .run(postText("\xEF\xBB\xBF"
                             R"( {"places":[{"lat":-90,"a/b~c":1.5e2},{"a/b~c":0,"lat":0.1}],
    "tags":["a","\n\/"],"x":[{"y":[1]}],"title":"caf\u00e9","priority":null,"color":"blue"} )",
                             "application/merge-patch+JSON; charset=utf-8"))
               .status();
  CHECK(status == 200);
  CHECK(note.title == "caf\xC3\xA9");
  CHECK(note.tags == std::vector<std::string>{"a", "\n/"});
  CHECK(note.priority == std::nullopt);
  CHECK(note.color == notes::Color::blue);
  CHECK(note.done);
  REQUIRE(note.places.size() == 2);
  CHECK(note.places[0].latitude == -90);
  CHECK(note.places[0].longitude == 150);
  CHECK(note.places[1].latitude == 0.1);
}

TEST_CASE("each wrong field is listed with its pointer, what was found and what was expected") {
  using notes::Note;
  CHECK(problemsOf<Note>(R"({"title":"","priority":6,"color":"green","done":1,"tags":"x"})") ==
        "/title \"\" -> UTF-8 text without NUL of 1 to 8 bytes\n"
        "/priority 6 -> an integer from 1 to 5\n"
        "/color \"green\" -> one of: red, blue\n"
        "/done 1 -> true or false\n"
        "/tags \"x\" -> an array of 0 to 2 elements\n");
  CHECK(problemsOf<Note>(R"({"title":5,"priority":"1","color":null,"tags":["abcd",{},"a"],"done":[1]})") ==
        "/title 5 -> UTF-8 text without NUL of 1 to 8 bytes\n"
        "/priority \"1\" -> an integer from 1 to 5\n"
        "/color null -> one of: red, blue\n"
        "/tags/0 \"abcd\" -> UTF-8 text without NUL of at most 3 bytes\n"
        "/tags/1 an object -> UTF-8 text without NUL of at most 3 bytes\n"
        "/tags 3 elements -> an array of 0 to 2 elements\n"
        "/done an array -> true or false\n");
  CHECK(problemsOf<Note>(R"({"title":"a","color":"red","places":[{"lat":91,"a/b~c":0},{"lat":0}]})") ==
        "/places/0/lat 91 -> a number from -90 to 90\n"
        "/places/1/a~1b~0c nothing -> a number from -180 to 180\n");
  CHECK(problemsOf<Note>("{}") ==
        "/title nothing -> UTF-8 text without NUL of 1 to 8 bytes\n"
        "/color nothing -> one of: red, blue\n");
  CHECK(problemsOf<Note>(R"({"title":"a","color":"red","title":"b"})") ==
        "/title \"b\" -> this name only once\n");
  CHECK(problemsOf<Note>(R"({"title":"a\u0000b","color":"red"})").find("without NUL") != std::string::npos);
  CHECK(problemsOf<Note>(R"([])") == " an array -> an object\n");
  CHECK(problemsOf<int>("1.0").find("1.0 -> an integer") != std::string::npos);
  CHECK(problemsOf<int>(R"( "\u0031" )").find(R"("\u0031" -> an integer)") != std::string::npos);
  CHECK(problemsOf<double>("1e999") == " 1e999 -> a number\n");
  const std::string unknown = R"({"title":"a","color":"red","titel":[{}]})";
  CHECK(problemsOf<Note>(unknown).empty());
  CHECK(problemsOf<Note>(unknown, {.refuseUnknown = true}) == "/titel an array -> no member of this name\n");
}

TEST_CASE("JSON failures are in one response with those of the query; the limits of a body are refusals") {
  h3::App app;
  app.post("/", h3::withValues([](h3::Event&, int, const notes::Note& note) { return note.title; },
                               h3::inQuery<int>("v"), h3::inJson<notes::Note>()));
  app.post("/small", [](h3::Event& event) { return h3::readJson<std::string>(event, {.maxBytes = 5}); });
  LocalWorker worker(app);
  const std::string_view body = worker.run(postText(R"({"title":1,"color":"red"})")).responseBody();
  CHECK(body.find(R"({"in":"query","name":"v","found":null)") != std::string_view::npos);
  CHECK(body.find(R"({"in":"body","pointer":"/title","found":"1")") != std::string_view::npos);
  CHECK(worker.run(postText("{}", "text/plain")).status() == 415);
  CHECK(worker.run(requestText("POST", "/", "Content-Length: 2\r\n") + "{}").status() == 415);
  const std::string fields = "Content-Type: application/json\r\nContent-Length: ";
  CHECK(worker.run(requestText("POST", "/small", fields + "5\r\n") + "\"abc\"").responseBody() == "abc");
  CHECK(worker.run(requestText("POST", "/small", fields + "6\r\n") + "\"abcd\"").status() == 413);
}

TEST_CASE("a body that binds views and spans allocates nothing on the heap") {
  double sum = 0;
  h3::App app;
  app.post("/", [&sum](h3::Event& event) {
    const auto plain = h3::readJson<notes::Plain>(event);
    for (const int number : plain.numbers) sum += number * plain.factor.value_or(1);
    event.sendText(plain.text);
  });
  LocalWorker worker(app);
  const std::string request = postText(
      R"({"text":"a text with \"escapes\" that is longer than a small string","factor":0.5,)"
      R"("numbers":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17],"ignored":{"a":["\u00e9 and more than fifteen bytes"]}})");
  for (int i = 0; i < 3; ++i) (void)worker.run(request);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) (void)worker.run(request);
  CHECK(counter.count() == 0);
  CHECK(sum == 13 * 76.5);
  CHECK(worker.run(request).responseBody() == "a text with \"escapes\" that is longer than a small string");
}
