// Routes that read and write bodies piece by piece.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "h3http/app.hpp"
#include "h3http/async.hpp"

namespace h3::test {

/// Text that shows where bytes are missing.
std::string pattern(std::size_t bytes);

/// Uploads: /count, /count/small (1,000 bytes at most), /sink, /echo and /ignored stream, /whole and /limited do not.
/// Downloads: /parts/:bytes/:count, /announced/:given (100 bytes), /fails/:after, /produced, /unstarted.
struct StreamApp {
  App app;
  std::atomic<int> pieces{0};
  std::atomic<int> aborted{0};
  std::atomic<int> refusedWith{0};

  StreamApp();

 private:
  boost::asio::awaitable<void> count(Event& event);
  void addUploads();
  void addDownloads();
};

}  // namespace h3::test
