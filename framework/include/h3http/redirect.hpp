// Redirects to targets that clients name, without an open redirect.
#pragma once

#include <string_view>

#include "h3http/event.hpp"

namespace h3 {

/// Whether `target` leads to this origin in every browser: a path with query and fragment, such as "/notes?page=2".
///
/// Not: URIs with a scheme or a host ("https://evil.example", "//evil.example"), nor what browsers turn into such: they read
/// '\' as '/' and leave out tabs and line ends; nor relative paths, a path with "//", and more than 2,048 bytes. Source: WHATWG
/// URL 4.4, OWASP Unvalidated Redirects.
bool isLocalTarget(std::string_view target);

/// Redirects to `target`, which a client has chosen ("/login?next=..."), if isLocalTarget(), else to `fallback`, which the
/// program has chosen. 303: by GET. Errors: as Event::redirect().
void redirectLocally(Event& event, std::string_view target, std::string_view fallback = "/",
                     int status = 303);

}  // namespace h3
