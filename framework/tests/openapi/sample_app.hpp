// An App with routes of every kind that a document shows.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "h3http/json_binding.hpp"
#include "h3http/openapi.hpp"
#include "h3http/typed_values.hpp"

namespace h3::test {

enum class Order { newest, oldest };
constexpr auto valueNames(Order) {
  return std::to_array<ValueName<Order>>({{"newest", Order::newest}, {"oldest", Order::oldest}});
}

struct SampleNote {
  std::string title;
  std::vector<std::string> tags;
  std::optional<int> priority;
  static constexpr auto fields() {
    return std::tuple{field("title", &SampleNote::title, {.minBytes = 1, .maxBytes = 80}),
                      field("tags", &SampleNote::tags, {.maxItems = 10, .required = false}),
                      field("priority", &SampleNote::priority, {.min = 1, .max = 5})};
  }
};

inline void addSampleRoutes(App& app) {
  const auto nothing = [](Event& event, const auto&...) { event.sendNothing(); };
  app.get("/notes",
          withValues(nothing, inQuery<std::string_view>("q", {.maxBytes = 100, .fallback = ""}),
                     inQuery<int>("limit", {.min = 1, .max = 100, .fallback = 20}),
                     inQuery<std::optional<Order>>("order"), inHeader<double>("X-Weight", {.min = 0.5}),
                     inQuery<bool>("all", {.fallback = false})))
      .summary("Notes, the newest first")
      .description("As *JSON*.")
      .operationId("listNotes")
      .tag("notes")
      .meta("x-cost", "2")
      .meta("role", "not shown")
      .response(200, "The notes", jsonSchema<std::vector<SampleNote>>())
      .response(429, "Too many", "", "application/problem+json");
  app.post("/notes", withValues(nothing, inJson<SampleNote>())).tag("notes").response(201, "Added", "", "");
  app.get("/notes/:id", withValues(nothing, inPath<unsigned>("id", {.min = 1}))).tag("notes").tag("one");
  app.del("/notes/:note", withValues(nothing, inPath<std::int64_t>("note"))).response(204, "");
  app.get("/pages/:page?", nothing).operationId("page");
  app.get("/codes/:code([A-Z]{2}\\-\\d+)", nothing).security({});
  app.get("/codes/:other", nothing);
  app.get("/files/*/**:path", nothing);
  app.get("/any/**", nothing);
  app.post("/login", withValues(nothing, inForm<std::string_view>("name", {.minBytes = 1, .maxBytes = 40}),
                                inForm<std::optional<int>>("pin")))
      .security({"token", "session"});
  app.on("PURGE", "/notes", nothing);
  app.get("/", nothing);
  app.get("/secret", nothing).hidden();
}

inline OpenApiOptions sampleOptions() {
  return {.title = "Samples \"quoted\"",
          .version = "1.2",
          .description = "All kinds.",
          .servers = {"https://api.example/v1"},
          .securitySchemes = {{.name = "session", .kind = SecurityScheme::Kind::cookie, .field = "__Host-s"},
                              {.name = "token", .format = "JWT"},
                              {.name = "password", .kind = SecurityScheme::Kind::basic},
                              {.name = "key", .kind = SecurityScheme::Kind::header, .field = "X-Key"}},
          .security = {"session"}};
}

}  // namespace h3::test
