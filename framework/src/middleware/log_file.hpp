// A log file that is written by a thread of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "middleware/log_ring.hpp"

namespace h3 {

/// Lines from many threads, in one file.
///
/// Each thread has a ring of its own, made at its first line; the writer empties all of them ten times a second, and sooner
/// when one is half full. Lines of one thread keep their order.
///
/// Threads: any. Allocates: a ring at a thread's first line. Errors: std::system_error from the constructor; later ones are
/// logged, and the lines are lost.
class LogFile {
 public:
  LogFile(std::string path, std::size_t queueBytes);
  ~LogFile();  ///< writes what waits
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// Returns false when the line is dropped: its thread's ring is full, or there is no memory for one.
  bool write(std::string_view line) noexcept;
  /// Lines go to a new file of the same name from now on; if it cannot be opened, to the old one.
  void reopen() noexcept;
  /// Returns when all lines given before are written.
  void flush();

 private:
  struct ThreadRing {
    std::thread::id thread;
    LogRing ring;
  };

  LogRing* ringOfThread() noexcept;
  LogRing* findRing() noexcept;
  int open() const noexcept;
  void run();
  void writeRing(LogRing& ring);
  void reportLoss(const char* what) noexcept;

  const std::string path_;
  const std::size_t queueBytes_;
  const std::uint64_t id_;  ///< of all log files of the process, never used twice
  int file_;
  std::mutex mutex_;  ///< for what follows, and the condition
  std::condition_variable wake_;
  std::condition_variable written_;
  std::vector<std::unique_ptr<ThreadRing>> rings_;
  std::uint64_t rounds_ = 0;  ///< of the writer over all rings, ended
  bool reopens_ = false;
  bool urgent_ = false;
  bool stops_ = false;
  std::uint64_t losses_ = 0;  ///< the writer's
  std::thread writer_;
};

}  // namespace h3
