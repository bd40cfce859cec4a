// Content-Security-Policy with a nonce for each response.
#pragma once

#include <string>
#include <string_view>

#include "h3http/middleware.hpp"

namespace h3 {

/// A strict policy: scripts and styles run when they carry the response's nonce, whatever markup an attacker injects.
inline constexpr std::string_view kStrictContentPolicy =
    "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Sets the field before the handler runs, which may replace it. Each `{nonce}` becomes the response's nonce: 128 random
/// bits, which cspNonce() gives to the page.
///
/// A page with a nonce must not be cached for others: send it with `Cache-Control: private` or `no-store`. `reportOnly`
/// only reports what would be blocked. Allocates: nothing on the heap. Errors: std::invalid_argument for a policy that
/// would break a response, or holds '{' but for `{nonce}`. Source: CSP Level 3.
FastMiddleware contentSecurityPolicy(std::string policy = std::string(kStrictContentPolicy),
                                     bool reportOnly = false);

/// The nonce for `<script nonce="...">` in this response; "" without contentSecurityPolicy() or a `{nonce}` in it. 22
/// characters that need no escaping.
std::string_view cspNonce(const Event& event);

}  // namespace h3
