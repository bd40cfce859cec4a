// An OpenAPI document of routes.
#pragma once

#include <string>
#include <vector>

#include "h3http/openapi.hpp"
#include "h3http/route_info.hpp"

namespace h3::openapi {

/// Its JSON text. Errors: see openApi().
std::string documentOf(const std::vector<RouteInfo>& routes, const OpenApiOptions& options);

}  // namespace h3::openapi
