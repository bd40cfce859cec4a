// Early hints: what the client may fetch while the response is still being made.
#pragma once

#include <initializer_list>
#include <string_view>

#include "h3http/event.hpp"

namespace h3 {

/// Sends a 103 with a Link field for each of `links`, at once: for a handler that then waits for something.
///
///     h3::sendEarlyHints(event, {"</app.css>; rel=preload; as=style"});
///     const Page page = co_await h3::blocking(event, loadPage);
///
/// The final response does not repeat them. Nothing is sent to HTTP/1.0, nor to a client that has left. Of a handler that
/// does not wait, the 103 is sent with its response. At most 16 links of 8 KiB together. Allocates: in the arena only.
/// Errors: std::invalid_argument for control bytes; std::length_error for more links; std::logic_error once a response has
/// been started. Source: RFC 8297.
void sendEarlyHints(Event& event, std::initializer_list<std::string_view> links);

}  // namespace h3
