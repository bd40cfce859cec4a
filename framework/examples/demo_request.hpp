// What a request can be read as: typed values, JSON, forms, negotiation, and the client behind a proxy.
#pragma once

#include "h3http/app.hpp"

namespace demo {

/// Adds the routes below /request.
void addRequestRoutes(h3::App& app);

}  // namespace demo
