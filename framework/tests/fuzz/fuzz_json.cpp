// JSON bodies: the same texts as nlohmann_json takes, and the same values in a struct.
//
//   the body
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "fuzz_input.hpp"
#include "h3http/json_binding.hpp"

using namespace h3::test;
using nlohmann::json;

namespace {

struct FuzzedPoint {
  int x = 0;
  double y = 0;
  static constexpr auto fields() {
    return std::tuple{h3::field("x", &FuzzedPoint::x, {.min = -100, .max = 100}),
                      h3::field("y", &FuzzedPoint::y)};
  }
};

struct FuzzedNote {
  std::string title;
  std::vector<std::string> tags;
  std::optional<bool> done;
  std::vector<FuzzedPoint> points;
  static constexpr auto fields() {
    return std::tuple{h3::field("title", &FuzzedNote::title, {.minBytes = 1, .maxBytes = 20}),
                      h3::field("tags", &FuzzedNote::tags, {.maxItems = 3, .required = false}),
                      h3::field("done", &FuzzedNote::done),
                      h3::field("points", &FuzzedNote::points, {.maxItems = 4, .required = false})};
  }
};

std::string_view sentBody;

// By the reader alone, without a struct.
bool isJson(std::string_view text) {
  h3::Arena arena;
  try {
    h3::detail::JsonReader reader(text, arena, h3::detail::JsonReader::kMaxDepth);
    reader.skip();
    reader.finish();
    return true;
  } catch (const h3::InvalidValues& error) {
    FUZZ_CHECK(error.status() == 400 && !error.listed().empty());
    return false;
  }
}

void checkNote(const FuzzedNote& note, const json& expected) {
  FUZZ_CHECK(note.title == expected.at("title").get<std::string>());
  FUZZ_CHECK(!note.title.empty() && note.title.size() <= 20);
  FUZZ_CHECK(note.tags.size() <= 3 && note.points.size() <= 4);
  if (expected.contains("tags")) FUZZ_CHECK(note.tags == expected["tags"].get<std::vector<std::string>>());
  if (note.done) FUZZ_CHECK(expected.at("done") == *note.done);
  for (std::size_t i = 0; i < note.points.size(); ++i) {
    FUZZ_CHECK(note.points[i].x == expected["points"][i]["x"].get<int>());
    FUZZ_CHECK(note.points[i].x >= -100 && note.points[i].x <= 100);
    FUZZ_CHECK(note.points[i].y == expected["points"][i]["y"].get<double>());
  }
}

void handleNote(h3::Event& event) {
  try {
    const FuzzedNote note = h3::readJson<FuzzedNote>(event);
    const json expected = json::parse(sentBody, nullptr, false);
    if (!expected.is_discarded()) checkNote(note, expected);
    FUZZ_CHECK(isJson(sentBody));
  } catch (const h3::InvalidValues& error) {
    FUZZ_CHECK(error.status() == 400 && !error.listed().empty());
    for (const h3::InvalidValue& value : error.listed()) {
      FUZZ_CHECK(value.place == h3::ValuePlace::body);
      FUZZ_CHECK(value.name.empty() || value.name.starts_with('/'));
      FUZZ_CHECK(!value.expected.empty());
    }
  }
  event.sendText("");
}

h3::App& notesApp() {
  static h3::App app;
  app.post("/", handleNote);
  return app;
}

// Where the two differ: H3 bounds the depth, nlohmann_json the size of numbers, and it ends at a NUL.
bool mayDiffer(std::string_view text) {
  return text.find_first_of(std::string_view("eE\0", 3)) != std::string_view::npos || text.size() > 300 ||
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
           return c == '[' || c == '{';
         })) >= h3::detail::JsonReader::kMaxDepth;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static LocalWorker worker(notesApp());
  sentBody = FuzzInput(data, size).rest();
  const bool accepted = isJson(sentBody);
  if (!mayDiffer(sentBody)) FUZZ_CHECK(accepted == json::accept(sentBody));
  const std::string fields =
      "Content-Type: application/json\r\nContent-Length: " + std::to_string(sentBody.size()) + "\r\n";
  FUZZ_CHECK(worker.run(requestText("POST", "/", fields).append(sentBody)).status() == 200);
  worker.release();
  return 0;
}
