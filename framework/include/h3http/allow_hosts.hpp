// Serves requests for known host names only.
#pragma once

#include <string>
#include <vector>

#include "h3http/middleware.hpp"

namespace h3 {

/// Refuses requests for other hosts: 421, and 400 when an HTTP/1.0 request names none.
///
/// Without it a page of another site whose name points to this server's address can talk to it (DNS rebinding), and
/// links that a handler builds from Event::host() lead where a client wants. An entry is "example.org" (that host, any
/// port), "example.org:8443" (that port only; a request without one does not match), "*.example.org" (every name below, not
/// itself), "192.0.2.7" or "[2001:db8::7]". Compared without case. Add it as the first middleware: what was added before it
/// has already run. Allocates: nothing. Errors: std::invalid_argument for no hosts or one that no request can have; the
/// message has the fix. Source: RFC 9110 7.4 and 15.5.20.
FastMiddleware allowHosts(std::vector<std::string> hosts);

}  // namespace h3
