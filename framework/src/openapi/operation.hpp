// A route as an operation of an OpenAPI document.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "h3http/route_info.hpp"
#include "openapi/path_template.hpp"

namespace h3::openapi {

using Json = nlohmann::ordered_json;

/// `path`: one of the route's; its parameters are those of the operation. Errors: std::invalid_argument for a schema of
/// the route that is no JSON.
Json operationOf(const RouteInfo& route, const PathTemplate& path);

/// "get" ... for a method that OpenAPI 3.1 has; "" for another.
std::string_view fieldOfMethod(std::string_view method);

}  // namespace h3::openapi
