// Routes that do what the audit measured: event pool, route cache, memory manager, context churn, middleware.
#pragma once

#include "h3http/app.hpp"

namespace demo {

/// GET /audit/pool            4 context keys set on a pooled event of its own
/// GET /audit/memory          5 pooled events held at once
/// GET /audit/routes/N        N of 0 to 999, each a route of its own
/// GET /audit/context/same    one key, overwritten ten times
/// GET /audit/context/grow    one key, with values of 1 to 512 bytes
/// GET /audit/context/ten     ten keys
/// GET /audit/context/many    one key, 1,000 times
/// GET /audit/onion           through five middlewares
void addAuditRoutes(h3::App& app);

}  // namespace demo
