// Compresses responses, as their clients accept it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "h3http/app.hpp"

namespace h3 {

struct CompressOptions {
  std::size_t minBytes = 1024;         ///< smaller bodies are sent as they are; 64 at least
  std::size_t maxBytes = 1024 * 1024;  ///< larger ones too: compression holds up the worker; 16 MiB at most
  /// Media types that are worth it, without parameters: "text/html", all of a kind ("text/*"), all with a suffix ("+json").
  std::vector<std::string> types = {"text/*",
                                    "+json",
                                    "+xml",
                                    "application/json",
                                    "application/javascript",
                                    "application/xml",
                                    "application/yaml",
                                    "application/wasm",
                                    "application/x-ndjson",
                                    "font/otf",
                                    "font/ttf",
                                    "image/bmp",
                                    "image/vnd.microsoft.icon"};
  int gzipLevel = 6;      ///< 1 to 9; 0: no gzip
  int brotliQuality = 4;  ///< 2 to 9; 0: no brotli
  Scope scope = {};       ///< where it applies; everywhere
};

/// Compresses bodies with gzip or brotli, whichever the client prefers; of equal ones brotli.
///
/// Also errors, and responses of deferred handlers. The response gets Content-Encoding, and `Vary: Accept-Encoding` whenever
/// another client could have got it compressed; a strong ETag becomes weak, also that of a 304 to a client that has the weak
/// one; Accept-Ranges is dropped. HEAD gets the fields of GET. Left alone: bodies that do not become smaller by 1/16, or
/// have a Content-Encoding, Content-Range or digest; 204, 205, 206; `Cache-Control: no-transform`; responses that
/// doNotCompress() marks; bodies that are sent piece by piece, such as files over 64 KiB (see
/// StaticOptions::precompressed).
///
/// An onResponse hook: register it after hooks that set fields, and before those that read the size, such as logger().
///
/// BREACH: where a compressed response holds a secret (a CSRF token) beside text that an attacker chooses (a search word),
/// its size gives the secret away, TLS or not. Mask the secret differently each time, as csrfToken() does, or call
/// doNotCompress().
///
/// Allocates: nothing when warm, for bodies of which the worker's pool keeps a buffer (1 MiB). A worker holds one context of each coding: 260 KiB for gzip; for brotli what its largest
/// body took, 8 MiB at most. Errors: std::invalid_argument for options; a response that cannot be compressed is sent as it
/// is. Source: RFC 9110 8.4, 8.8.1, 12.5.3, 12.5.5; RFC 9111 5.2.2.6.
void compress(App& app, CompressOptions options = {});

/// This response is sent as it is: it holds a secret beside text that an attacker chooses.
void doNotCompress(Event& event);

}  // namespace h3
