// Errors in the format that the client prefers.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "h3http/app.hpp"

namespace h3 {

/// How an error is shown.
enum class ErrorFormat : std::uint8_t {
  text,  ///< text/plain: the message as it is
  html,  ///< a page
  json,  ///< application/problem+json, RFC 9457: the message as `detail`
};

/// What an error page shows. Lifetime: the call.
struct ErrorPage {
  int status;                ///< 400 to 599
  std::string_view title;    ///< the reason phrase: "Not Found"
  std::string_view message;  ///< "" when it would only repeat the title; as plain text: escapeHtml() it
};

struct ErrorPageOptions {
  /// In the order in which clients without a preference get them.
  std::vector<ErrorFormat> formats = {ErrorFormat::text, ErrorFormat::html, ErrorFormat::json};
  /// Responds with a page of your own, by sendHtml(); empty: a plain one, without styles and scripts. Its exceptions are
  /// logged; then the error stays plain text.
  std::function<void(Event&, const ErrorPage&)> html = {};
};

/// Shows errors as the Accept field asks for: browsers get HTML, programs problem details.
///
/// For every response of 400 to 599 with a plain text of at most 4 KiB, wherever it comes from: HttpError, 404 and 405, refused
/// requests, static files, rate limits and other middleware, and handlers that respond so themselves. Other bodies stay. Adds
/// `Vary: Accept`. A request that is refused before its head has been read has no Accept field: it gets the first format.
///
/// An onResponse hook: register it before compress(). Allocates: nothing on the heap. Errors: std::invalid_argument when a
/// format is missing or given twice.
void errorPages(App& app, ErrorPageOptions options = {});

}  // namespace h3
