// Serves files of a directory.
#pragma once

#include <string>

#include "h3http/handler.hpp"

namespace h3 {

struct StaticOptions {
  std::string root = {};                 ///< a directory, opened once; a later rename of it does not matter
  std::string param = "path";            ///< the pattern's rest parameter: "path" for "/static/**:path"
  std::string indexFile = "index.html";  ///< served for a directory
  std::string cacheControl = {};         ///< Cache-Control of 200, 206 and 304; "" for none
  bool precompressed = false;            ///< send `app.js.br` or `app.js.gz`, where there is one, as `app.js`
};

/// A handler for `app.get("/static/**:path", serveStatic({.root = "public"}))`; HEAD comes with it.
///
/// Regular files below the root, content type by extension, ETag (size and modification time) and
/// Last-Modified, the conditional fields of RFC 9110 13.1, byte ranges (416 when all are outside; several as
/// multipart/byteranges; the whole file for more than 16, for any that overlap, and where it is shorter). A directory without trailing slash is redirected (301) to the one with it, when it has
/// an index file.
///
/// `precompressed`: brotli or gzip as the client prefers, with `Vary: Accept-Encoding`, an ETag for each variant, and ranges
/// of the variant that was chosen. A variant whose modification time lies before the file's is ignored; `gzip -k` and
/// `brotli -k` keep the file's.
///
/// Everything else is a plain 404, which onError hooks do not see: dot segments, dotfiles,
/// backslashes, control bytes, empty segments, files that are not regular or not readable, and symbolic links
/// that leave the root (openat2 with RESOLVE_BENEATH). On kernels without openat2 no symbolic link is
/// followed at all.
///
/// Files of any size. Up to 64 KiB are read in one step; more is read as the client takes it, in slices of
/// 64 KiB, so a large response holds 64 KiB and one descriptor, however slow its client. A file that becomes
/// shorter while it is sent cuts the connection, with a line in the log.
///
/// Blocks: reads from disk on the worker's thread; meant for files that the page cache holds. Errors:
/// std::system_error when the root cannot be opened as a directory; std::invalid_argument for the other
/// options.
Handler serveStatic(StaticOptions options);

}  // namespace h3
