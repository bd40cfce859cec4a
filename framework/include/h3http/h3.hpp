// H3 in one include. Asio (async.hpp) and nlohmann_json (json.hpp) come only when asked for.
#pragma once

#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "h3http/cors.hpp"
#include "h3http/drift.hpp"
#include "h3http/error.hpp"
#include "h3http/event.hpp"
#include "h3http/handler.hpp"
#include "h3http/logger.hpp"
#include "h3http/middleware.hpp"
#include "h3http/monitor.hpp"
#include "h3http/request_id.hpp"
#include "h3http/security_headers.hpp"
#include "h3http/server.hpp"
#include "h3http/static_files.hpp"
#include "h3http/timing.hpp"
