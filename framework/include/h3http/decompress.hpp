// Decompresses request bodies.
#pragma once

#include <cstddef>
#include <memory>

#include "h3http/app.hpp"

namespace h3 {

struct DecompressOptions {
  std::size_t maxBytes =
      1024 * 1024;  ///< of a decompressed body, 16 MiB at most; the route's limit holds too
  std::size_t maxRatio =
      100;  ///< decompressed bytes for each received one, once they are more than 64 KiB; 1 to 2000
};

/// For App::decodeBodies() and RouteHandle::decodeBodies(): gzip and brotli.
///
///     app.decodeBodies(h3::decompress());
///     app.post("/logs", takeLogs).decodeBodies(h3::decompress({.maxBytes = 8 * 1024 * 1024}));
///
/// Handlers, readJson() and readForm() see the content; getHeader() still gives Content-Encoding as sent. Runs after fast
/// middleware, so that a body is only decompressed for clients that it lets pass. Refused before the body is sent, with
/// `Accept-Encoding: br, gzip`: other codings, several on top of each other, and all on routes with streamBody() (415).
/// Then: what is too large or beyond the ratio (413), broken, cut off, or followed by other bytes (400).
///
/// Allocates: nothing when warm, for bodies of which the worker's pool keeps a buffer (1 MiB), except for brotli with a window of more than 4 MiB, which the client chooses: 16 MiB at most,
/// until the body is decompressed. The content is in a buffer of the worker's pool until the event ends. Errors:
/// std::invalid_argument for options. Source: RFC 9110 8.4, 12.5.3, 15.5.16.
std::shared_ptr<const BodyDecoder> decompress(DecompressOptions options = {});

}  // namespace h3
