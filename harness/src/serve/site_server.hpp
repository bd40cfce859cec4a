// Serves a HistorySite over HTTP, by H3.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "serve/history_site.hpp"

namespace leakgate {

/// A server on 127.0.0.1, with one thread. It takes GET and HEAD only, and refuses requests for other hosts (421).
///
/// Lifetime: the site must outlive it, and belongs to the server's thread from start() to the end. Errors of the
/// constructor: InputError when it cannot listen on the port, or when leakgate was built without H3.
class SiteServer {
 public:
  /// Listens; port 0: the system chooses one.
  SiteServer(HistorySite& site, std::uint16_t port);
  ~SiteServer();  ///< ends what is being sent within seconds
  SiteServer(const SiteServer&) = delete;
  SiteServer& operator=(const SiteServer&) = delete;

  void start();

  /// "http://127.0.0.1:8757/".
  std::string address() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leakgate
