#include "middleware/log_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "app/log.hpp"

namespace h3 {
namespace {

constexpr std::chrono::milliseconds kWriteInterval{100};
constexpr int kFilePermissions = 0640;
// A thread with lines for more files than this finds its rings in the list, with a lock.
constexpr std::size_t kCachedRings = 4;

std::uint64_t nextFileId() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

// Signals are for the program's own threads.
template <class Start>
void withoutSignals(Start start) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    start();
  } catch (...) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

LogFile::LogFile(std::string path, std::size_t queueBytes)
    : path_(std::move(path)), queueBytes_(queueBytes), id_(nextFileId()), file_(open()) {
  if (file_ < 0)
    throw std::system_error(errno, std::generic_category(), "cannot open the log \"" + path_ + '"');
  try {
    withoutSignals([this] { writer_ = std::thread([this] { run(); }); });
  } catch (...) {
    ::close(file_);
    throw;
  }
}

LogFile::~LogFile() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wake_.notify_one();
  writer_.join();
  ::close(file_);
}

int LogFile::open() const noexcept {
  return ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, kFilePermissions);
}

bool LogFile::write(std::string_view line) noexcept {
  LogRing* const ring = ringOfThread();
  if (ring == nullptr) return false;
  const std::size_t before = ring->waitingBytes();
  const bool given = ring->give(line);
  const std::size_t half = ring->capacity() / 2;
  if (before < half && before + line.size() >= half) [[unlikely]] {
    const std::lock_guard lock(mutex_);
    urgent_ = true;
    wake_.notify_one();
  }
  return given;
}

LogRing* LogFile::ringOfThread() noexcept {
  struct Cached {
    std::uint64_t file = 0;
    LogRing* ring = nullptr;
  };
  thread_local std::array<Cached, kCachedRings> cache;
  Cached& cached = cache[id_ % kCachedRings];
  if (cached.file != id_) [[unlikely]]
    cached = {id_, findRing()};
  return cached.ring;
}

LogRing* LogFile::findRing() noexcept {
  try {
    const std::lock_guard lock(mutex_);
    const std::thread::id self = std::this_thread::get_id();
    for (const auto& known : rings_)
      if (known->thread == self) return &known->ring;
    rings_.push_back(std::unique_ptr<ThreadRing>(new ThreadRing{self, LogRing(queueBytes_)}));
    return &rings_.back()->ring;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void LogFile::reopen() noexcept {
  const std::lock_guard lock(mutex_);
  reopens_ = urgent_ = true;
  wake_.notify_one();
}

// A round that began before this call may have passed a ring already: the one after it has not.
void LogFile::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t enough = rounds_ + 2;
  urgent_ = true;
  wake_.notify_one();
  written_.wait(lock, [&] {
    if (rounds_ < enough && !urgent_) {
      urgent_ = true;
      wake_.notify_one();
    }
    return rounds_ >= enough;
  });
}

void LogFile::run() {
  std::unique_lock lock(mutex_);
  for (bool stops = false; !stops;) {
    wake_.wait_for(lock, kWriteInterval, [this] { return urgent_ || stops_; });
    urgent_ = false;
    stops = stops_;
    if (std::exchange(reopens_, false)) {
      const int next = open();
      if (next < 0) reportLoss("a log could not be opened again");
      if (next >= 0) ::close(std::exchange(file_, next));
    }
    const std::size_t count = rings_.size();
    for (std::size_t i = 0; i < count; ++i) {
      LogRing& ring = rings_[i]->ring;
      lock.unlock();
      writeRing(ring);
      lock.lock();
    }
    ++rounds_;
    written_.notify_all();
  }
}

// What cannot be written is lost: a log must not stop a server, nor keep growing.
void LogFile::writeRing(LogRing& ring) {
  std::array<iovec, 2> pieces;
  while (const int count = ring.waiting(pieces)) {
    const ssize_t written = ::writev(file_, pieces.data(), count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      reportLoss("lines of a log are lost");
      ring.taken(pieces[0].iov_len + (count == 2 ? pieces[1].iov_len : 0));
      return;
    }
    ring.taken(static_cast<std::size_t>(written));
  }
}

// Logged at every power of two: a full disk must not fill the other log.
void LogFile::reportLoss(const char* what) noexcept {
  const int error = errno;
  if (!std::has_single_bit(++losses_)) return;
  try {
    logError(what, path_ + ": " + std::strerror(error));
  } catch (const std::bad_alloc&) {
    logError(what, std::strerror(error));
  }
}

}  // namespace h3
