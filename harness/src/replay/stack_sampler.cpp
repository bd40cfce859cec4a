#include "replay/stack_sampler.hpp"

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <string>

#include "region/process_file.hpp"
#include "replay/process_sampler.hpp"
#include "replay/steady_time.hpp"
#include "symbols/process_unwinder.hpp"

namespace leakgate {
namespace {

constexpr auto kPeriod = std::chrono::milliseconds(2);
constexpr auto kStopTimeout = std::chrono::seconds(1);  // the thread needs a processor first
constexpr std::uint64_t kMomentNs = 20'000;
constexpr int kMoments = 15;  // for which it waits to see a thread on a processor
constexpr std::size_t kEnough = 20;

// Whether the process is on a processor now: its CPU clock advances within a moment.
bool isOnProcessor(pid_t pid) {
  const std::uint64_t beforeNs = processCpuNs(pid);
  const std::uint64_t startNs = steadyNowNs();
  std::uint64_t passedNs = 0;
  while (passedNs < kMomentNs) passedNs = steadyNowNs() - startNs;
  return processCpuNs(pid) - beforeNs >= passedNs / 2;
}

// Holds a thread by ptrace while the object exists. The stop is read from /proc: the thread that waits for
// the target's end may have consumed the notification.
class HeldThread {
 public:
  HeldThread(pid_t pid, pid_t thread) : pid_(pid), thread_(thread) {
    if (::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) != 0) return;
    seized_ = true;
    if (::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) return;
    const auto deadline = std::chrono::steady_clock::now() + kStopTimeout;
    while (std::chrono::steady_clock::now() < deadline) {
      const char state = threadState(pid, thread);
      held_ = state == 't';
      if (held_ || hasEnded(state)) return;
      ::usleep(20);
    }
  }
  // Only a stopped thread can be released, so this waits for a slow one.
  ~HeldThread() {
    if (!seized_) return;
    for (int attempt = 0; attempt < 1'000; ++attempt) {
      if (::ptrace(PTRACE_DETACH, thread_, nullptr, nullptr) == 0) return;
      if (isGone()) return;
      ::usleep(1'000);
    }
  }
  HeldThread(const HeldThread&) = delete;
  HeldThread& operator=(const HeldThread&) = delete;

  bool held() const { return held_; }

 private:
  // A thread that ends while it is traced stays a zombie until its tracer waits for it, and its process
  // cannot be waited for until then. The end of leakgate's own child must be left to the code that started
  // it. Source: ptrace(2).
  bool isGone() const {
    if (!hasEnded(threadState(pid_, thread_))) return false;
    if (thread_ == pid_ && processStat(pid_).parent == ::getpid()) return true;
    return ::waitpid(thread_, nullptr, __WALL | WNOHANG) != 0;
  }

  pid_t pid_;
  pid_t thread_;
  bool seized_ = false;
  bool held_ = false;
};

// Whether a stopped thread is returning from a system call; false where that is unknown.
bool inSystemCall([[maybe_unused]] pid_t thread) {
#ifdef __x86_64__
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, thread, nullptr, &registers) != 0) return false;
  return static_cast<std::int64_t>(registers.orig_rax) >= 0;
#else
  return false;
#endif
}

}  // namespace

// State of the sampling thread: all tracing must be done by one thread.
struct StackSampler::Sight {
  std::map<pid_t, ProcessUnwinder> unwinders;
  std::size_t turn = 0;
};

StackSampler::StackSampler() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

StackSampler::~StackSampler() = default;

void StackSampler::sample(std::set<pid_t> pids, std::size_t block) {
  const std::scoped_lock lock(mutex_);
  pids_ = std::move(pids);
  block_ = block;
}

void StackSampler::pause() { sample({}, 0); }

std::vector<StackSample> StackSampler::take() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (working_.size() >= kEnough) return std::move(working_);
  working_.insert(working_.end(), waiting_.begin(), waiting_.end());
  return std::move(working_);
}

void StackSampler::work(const std::stop_token& stop) {
  Sight sight;
  while (!stop.stop_requested()) {
    {
      const std::scoped_lock lock(mutex_);
      if (working_.size() + waiting_.size() < kMaxSamples) look(sight);
    }
    std::this_thread::sleep_for(kPeriod);
  }
}

// Samples one of the running threads, in turn.
void StackSampler::look(Sight& sight) {
  std::vector<std::pair<pid_t, pid_t>> running;
  for (const pid_t pid : pids_) {
    for (const pid_t thread : threadsOf(pid)) {
      if (threadState(pid, thread) == 'R') running.emplace_back(pid, thread);
    }
  }
  if (running.empty()) return;
  const auto [pid, thread] = running[sight.turn++ % running.size()];
  bool working = false;
  for (int k = 0; k < kMoments && !working; ++k) working = isOnProcessor(pid);
  ProcessUnwinder& unwinder = sight.unwinders.try_emplace(pid, pid).first->second;
  const HeldThread held(pid, thread);
  if (!held.held()) return;
  const bool inCall = inSystemCall(thread);
  working = working || !inCall;
  auto frames = unwinder.stackOf(thread);
  if (!frames.empty()) (working ? working_ : waiting_).push_back({block_, inCall, std::move(frames)});
}

}  // namespace leakgate
