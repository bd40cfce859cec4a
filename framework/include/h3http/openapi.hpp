// An OpenAPI 3.1 document of an App's routes, made from what they say of themselves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "h3http/app.hpp"

namespace h3 {

/// How clients prove who they are; RouteHandle::security() names it. It only documents: a middleware checks.
struct SecurityScheme {
  enum class Kind : std::uint8_t {
    basic,   ///< basicAuth()
    bearer,  ///< bearerAuth()
    cookie,  ///< a cookie of this `field`, as sessions() has
    header,  ///< a header field
    query,   ///< a query parameter
  };
  std::string name;  ///< letters, digits, '.', '-' and '_'
  Kind kind = Kind::bearer;
  std::string field = {};   ///< of cookie, header and query
  std::string format = {};  ///< of bearer: "JWT"; "": not said
  std::string description = {};
};

struct OpenApiOptions {
  std::string title;                      ///< of the API
  std::string version;                    ///< of the API, not of OpenAPI
  std::string description = {};           ///< Markdown
  std::string path = "/openapi.json";     ///< a route's pattern without parameters
  std::vector<std::string> servers = {};  ///< URLs; none: where the document is
  std::vector<SecurityScheme> securitySchemes = {};
  std::vector<std::string> security =
      {};  ///< schemes of routes that name none themselves; one of them is enough
};

/// Serves a document of all routes of the App, also of those that are registered later.
///
///     h3::openApi(app, {.title = "Notes", .version = "1.0"});
///     app.get("/notes/:id", h3::withValues(show, h3::inPath<int>("id", {.min = 1})))
///         .summary("One note").tag("notes").response(404, "no such note");
///
/// Of each route: method and path, the values of withValues() with ranges, fallbacks and names of enums, a JSON body
/// (inJson) and a form (inForm) as schemas, summary, description, tags, security, responses, and meta() with keys that
/// begin with "x-". A route whose values may be wrong has a 400 with problem details. "/notes/:id?" is two paths,
/// "/notes" and "/notes/{id}"; a constraint is the pattern of its parameter; '*' and '**' are named "segment1" and
/// "rest" if they have no name. Left out: routes that are hidden(), methods that OpenAPI 3.1 does not have, and of
/// routes with the same method that differ in their constraints or in a '**' only, all but the first.
///
/// Built once, when the App is frozen: a request costs what a constant text costs, 0 heap allocations. Errors, when the
/// App is frozen: std::invalid_argument for an empty title or version, a scheme that is not in securitySchemes, an
/// operationId that comes twice, a schema that is no JSON. Source: OpenAPI Specification 3.1.1.
void openApi(App& app, OpenApiOptions options);

}  // namespace h3
