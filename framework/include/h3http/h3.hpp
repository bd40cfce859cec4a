// H3 in one include: every public header but those that come only when asked for: async.hpp, blocking.hpp, stream.hpp and
// stored_form.hpp (Asio), json.hpp (nlohmann_json), json_binding.hpp (templates), load_config.hpp, openapi.hpp,
// testing.hpp and testing_json.hpp, alloc_scope.h (plain C). What lies in detail/ is for these headers alone.
// H3 in one include: every public header but those that come only when asked for: async.hpp and blocking.hpp (Asio),
// json.hpp (nlohmann_json), json_binding.hpp (templates), load_config.hpp, openapi.hpp, testing.hpp, testing_json.hpp
// and alloc_scope.h (plain C). What lies in detail/ is for these headers alone.
// H3 in one include: every public header but async.hpp (Asio), json.hpp (nlohmann_json), json_binding.hpp (templates)
// and alloc_scope.h (plain C), which come only when asked for. What lies in detail/ is for these headers alone.
// H3 in one include: every public header but those that come only when asked for: async.hpp and blocking.hpp (Asio), fetch.hpp, json.hpp
// (nlohmann_json), load_config.hpp, stored_form.hpp, testing.hpp and testing_json.hpp, alloc_scope.h (plain C). What lies in detail/ is for these headers alone.
#pragma once

#include "h3http/allow_hosts.hpp"
#include "h3http/app.hpp"
#include "h3http/arena.hpp"
#include "h3http/config.hpp"
#include "h3http/content_security_policy.hpp"
#include "h3http/cookies.hpp"
#include "h3http/cors.hpp"
#include "h3http/deferred.hpp"
#include "h3http/drift.hpp"
#include "h3http/early_hints.hpp"
#include "h3http/error.hpp"
#include "h3http/error_pages.hpp"
#include "h3http/event.hpp"
#include "h3http/event_pool.hpp"
#include "h3http/expose_metrics.hpp"
#include "h3http/forms.hpp"
#include "h3http/handler.hpp"
#include "h3http/header_values.hpp"
#include "h3http/health.hpp"
#include "h3http/html.hpp"
#include "h3http/invalid_values.hpp"
#include "h3http/json_writer.hpp"
#include "h3http/logger.hpp"
#include "h3http/memory_manager.hpp"
#include "h3http/method.hpp"
#include "h3http/middleware.hpp"
#include "h3http/monitor.hpp"
#include "h3http/multipart.hpp"
#include "h3http/negotiation.hpp"
#include "h3http/problem_details.hpp"
#include "h3http/query_params.hpp"
#include "h3http/rate_limit.hpp"
#include "h3http/redirect.hpp"
#include "h3http/request_id.hpp"
#include "h3http/route_info.hpp"
#include "h3http/route_table.hpp"
#include "h3http/security_headers.hpp"
#include "h3http/server.hpp"
#include "h3http/set_cookie.hpp"
#include "h3http/static_files.hpp"
#include "h3http/string_pool.hpp"
#include "h3http/timing.hpp"
#include "h3http/trusted_proxies.hpp"
#include "h3http/typed_values.hpp"
