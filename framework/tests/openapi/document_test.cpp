#include "openapi/document.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "h3http/health.hpp"
#include "h3http/testing.hpp"
#include "h3http/testing_json.hpp"
#include "sample_app.hpp"

using h3::App;
using h3::Event;
using h3::test::Client;
using Json = nlohmann::json;

namespace {

Json sampleDocument() {
  App app;
  h3::openApi(app, h3::test::sampleOptions());
  h3::healthEndpoints(app);
  h3::test::addSampleRoutes(app);  // later than the document
  Client client(app);
  const h3::test::Response response = client.get("/openapi.json");
  CHECK(response.status == 200);
  CHECK(response.header("Content-Type") == "application/json");
  return response.json();
}

Json parameterOf(const Json& operation, std::string_view name) {
  for (const Json& parameter : operation.at("parameters"))
    if (parameter.at("name") == name) return parameter;
  FAIL("no parameter " << name);
  return {};
}

}  // namespace

TEST_CASE("what an operation shows: texts, tags, values, responses, metadata") {
  const Json document = sampleDocument();
  CHECK(document["openapi"] == "3.1.0");
  CHECK(document["info"] ==
        Json{{"title", "Samples \"quoted\""}, {"version", "1.2"}, {"description", "All kinds."}});
  CHECK(document["servers"][0]["url"] == "https://api.example/v1");
  CHECK(document["tags"] == Json::parse(R"([{"name":"notes"},{"name":"one"}])"));
  const Json list = document["paths"]["/notes"]["get"];
  CHECK(list["summary"] == "Notes, the newest first");
  CHECK(list["operationId"] == "listNotes");
  CHECK(list["x-cost"] == "2");
  CHECK_FALSE(list.contains("role"));
  CHECK(parameterOf(list, "limit") == Json::parse(R"({"name":"limit","in":"query","schema":
      {"type":"integer","format":"int32","minimum":1,"maximum":100,"default":20}})"));
  CHECK(parameterOf(list, "q")["schema"] == Json::parse(R"({"type":"string","maxLength":100,"default":""})"));
  CHECK(parameterOf(list, "order")["schema"] ==
        Json::parse(R"({"type":"string","enum":["newest","oldest"]})"));
  CHECK(parameterOf(list, "all")["schema"] == Json::parse(R"({"type":"boolean","default":false})"));
  CHECK(parameterOf(list, "X-Weight") == Json::parse(R"({"name":"X-Weight","in":"header","required":true,
      "schema":{"type":"number","minimum":0.5}})"));
  CHECK(list["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "array");
  CHECK(list["responses"]["429"]["content"]["application/problem+json"]["schema"]["$ref"] ==
        "#/components/schemas/Problem");
  CHECK(list["responses"]["400"]["$ref"] == "#/components/responses/InvalidValues");
  CHECK_FALSE(list["responses"].contains("2XX"));
}

TEST_CASE("bodies: JSON as the schema of its struct, forms in both codings") {
  const Json document = sampleDocument();
  const Json body =
      document["paths"]["/notes"]["post"]["requestBody"]["content"]["application/json"]["schema"];
  CHECK(body["required"] == Json{"title"});
  CHECK(body["properties"]["title"] == Json::parse(R"({"type":"string","minLength":1,"maxLength":80})"));
  CHECK(body["properties"]["tags"] ==
        Json::parse(R"({"type":"array","maxItems":10,"items":{"type":"string"}})"));
  CHECK(body["properties"]["priority"]["anyOf"][1]["type"] == "null");
  CHECK_FALSE(document["paths"]["/notes"]["post"]["responses"]["201"].contains("content"));
  const Json form = document["paths"]["/login"]["post"]["requestBody"]["content"];
  for (const char* type : {"application/x-www-form-urlencoded", "multipart/form-data"}) {
    CHECK(form[type]["schema"]["required"] == Json{"name"});
    CHECK(form[type]["schema"]["properties"]["pin"]["type"] == "integer");
  }
}

TEST_CASE("paths: optional segments, constraints, wildcards; one name for one place; nothing hidden") {
  const Json document = sampleDocument();
  const Json& paths = document["paths"];
  std::string names;
  for (const auto& [path, item] : paths.items()) names += path + " ";
  CHECK(
      names ==
      "/ /any/{rest} /codes/{code} /files/{segment1}/{path} /login /notes /notes/{id} /pages /pages/{page} ");
  CHECK(parameterOf(paths["/notes/{id}"]["get"], "id")["schema"] ==
        Json::parse(R"({"type":"integer","format":"uint32","minimum":1})"));
  CHECK(parameterOf(paths["/notes/{id}"]["delete"], "id")["schema"]["format"] ==
        "int64");                      // its route says "note"
  CHECK(paths["/notes"].size() == 2);  // PURGE is none of 3.1's
  CHECK_FALSE(paths["/pages"]["get"].contains("parameters"));
  CHECK_FALSE(paths["/pages"]["get"].contains("operationId"));
  CHECK(paths["/pages/{page}"]["get"]["operationId"] == "page");
  CHECK(parameterOf(paths["/codes/{code}"]["get"], "code")["schema"]["pattern"] == R"(^[A-Z]{2}-\d+$)");
  CHECK(parameterOf(paths["/files/{segment1}/{path}"]["get"], "path").contains("description"));
}

TEST_CASE("security schemes, of all routes and of one") {
  const Json document = sampleDocument();
  CHECK(document["security"] == Json::parse(R"([{"session":[]}])"));
  CHECK(document["paths"]["/codes/{code}"]["get"]["security"] == Json::array());
  CHECK(document["paths"]["/login"]["post"]["security"] == Json::parse(R"([{"token":[]},{"session":[]}])"));
  CHECK(document["components"]["securitySchemes"] == Json::parse(R"({
      "session":{"type":"apiKey","name":"__Host-s","in":"cookie"},
      "token":{"type":"http","scheme":"bearer","bearerFormat":"JWT"},
      "password":{"type":"http","scheme":"basic"},
      "key":{"type":"apiKey","name":"X-Key","in":"header"}})"));
}

TEST_CASE("mistakes are reported when the App is frozen") {
  const auto refused = [](const h3::OpenApiOptions& options, auto addRoutes) {
    App app;
    h3::openApi(app, options);
    addRoutes(app);
    try {
      app.freeze();
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("frozen");
  };
  const auto none = [](App&) {};
  const auto nothing = [](Event& event) { event.sendNothing(); };
  const h3::OpenApiOptions right{.title = "T", .version = "1"};
  CHECK(refused(right, none) == "frozen");
  CHECK(refused({.title = "", .version = "1"}, none) == "openApi: title and version must not be empty");
  CHECK(refused({.title = "T", .version = "1", .securitySchemes = {{.name = "a b"}}}, none).find("a b") !=
        std::string::npos);
  CHECK(refused({.title = "T",
                 .version = "1",
                 .securitySchemes = {{.name = "a", .kind = h3::SecurityScheme::Kind::cookie}}},
                none)
            .find("cookie") != std::string::npos);
  CHECK(refused(right, [&](App& app) { app.get("/x", nothing).security({"jwt"}); }) ==
        "openApi: GET \"/x\": security scheme \"jwt\" is not in OpenApiOptions::securitySchemes");
  CHECK(refused(right, [&](App& app) {
          app.get("/x", nothing).operationId("a");
          app.get("/y", nothing).operationId("a");
        }) == "openApi: GET \"/y\": operationId \"a\" is there already");
  CHECK(refused(right, [&](App& app) { app.get("/x", nothing).response(200, "", "{"); }).find("no JSON") !=
        std::string::npos);
}

TEST_CASE("a mounted App's document is that of the whole application") {
  App inner;
  h3::openApi(inner, {.title = "T", .version = "1", .path = "/doc.json"});
  inner.get("/x", [](Event&) { return "x"; });
  App app;
  app.mount("/api", std::move(inner));
  app.get("/y", [](Event&) { return "y"; });
  Client client(app);
  const Json document = client.get("/api/doc.json").json();
  CHECK(document["paths"].contains("/api/x"));
  CHECK(document["paths"].contains("/y"));
}
