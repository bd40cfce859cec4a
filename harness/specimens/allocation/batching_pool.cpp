// Requests go through a queue to one thread that works in batches and allocates once a batch. How many
// allocations a request costs depends on how requests happen to meet, so it differs from run to run.
//
// Sick: one receipt in 1,000 is kept. With SPECIMEN_EXTRA in the environment each request allocates once
// more, and gives it back: a regression that only a baseline shows.
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "health.hpp"
#include "server/specimen_server.hpp"

namespace specimen {

class BatchingPool {
 public:
  BatchingPool() { std::thread(&BatchingPool::serve, this).detach(); }

  void work() {
    Job job;
    std::unique_lock lock(mutex_);
    waiting_.push_back(&job);
    wake_.notify_one();
    job.ended.wait(lock, [&] { return job.done; });
  }

 private:
  struct Job {
    std::condition_variable ended;
    bool done = false;
  };
  static constexpr std::size_t kMaxWaiting = 1024;

  void serve() {
    std::unique_lock lock(mutex_);
    waiting_.reserve(kMaxWaiting);
    for (;;) {
      wake_.wait(lock, [&] { return !waiting_.empty(); });
      const std::vector<Job*> batch(waiting_.begin(), waiting_.end());
      waiting_.clear();
      for (Job* job : batch) {
        job->done = true;
        job->ended.notify_one();
      }
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job*> waiting_;
};

char* volatile receipt = nullptr;

[[gnu::noinline]] void keepReceipt() { receipt = new char[48]; }

[[gnu::noinline]] void extraCopy() {
  receipt = new char[40];
  delete[] receipt;
}

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  static BatchingPool pool;
  static std::atomic<unsigned> requests{0};
  const bool extra = std::getenv("SPECIMEN_EXTRA") != nullptr;
  return runServer(argc, argv, [extra] {
    return [extra](const Request&) {
      pool.work();
      if (extra) extraCopy();
      if (kSick && ++requests % 1000 == 0) keepReceipt();
      return Response{};
    };
  });
}
