#include "work/blocking_pool.hpp"

#include <pthread.h>

#include <csignal>
#include <utility>

namespace h3 {

bool BlockingPool::submit(Call& call) noexcept {
  {
    const std::lock_guard lock(mutex_);
    const bool mayWait = queued_ < config_.queueCalls || queued_ + busy_ < config_.threads;
    if (stopped_ || !mayWait) return false;
    if (threads_.empty() && !start()) return false;
    append(call);
  }
  wake_.notify_one();
  return true;
}

// Signals are for the program's own threads: they would interrupt what a call waits for.
bool BlockingPool::start() noexcept {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    while (threads_.size() < config_.threads) threads_.emplace_back([this] { serve(); });
  } catch (...) {  // with some of them it works, too
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return !threads_.empty();
}

// A call is not touched once it is resumed: its coroutine may have ended by then.
void BlockingPool::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopped_ || first_ != nullptr; });
    if (first_ == nullptr) return;
    Call& call = *first_;
    remove(call);
    call.state_ = Call::State::running;
    ++busy_;
    lock.unlock();
    try {
      call.call();
    } catch (...) {
      call.error_ = std::current_exception();
    }
    lock.lock();
    --busy_;
    call.state_ = call.cancelRequested_ ? Call::State::cancelled : Call::State::finished;
    call.resume_(call);
  }
}

void BlockingPool::cancel(Call& call) {
  const std::lock_guard lock(mutex_);
  if (call.state_ == Call::State::running) call.cancelRequested_ = true;
  if (call.state_ != Call::State::queued) return;
  remove(call);
  call.state_ = Call::State::cancelled;
  call.resume_(call);
}

void BlockingPool::stop() {
  std::vector<std::thread> ending;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    while (first_ != nullptr) {
      Call& call = *first_;
      remove(call);
      call.state_ = Call::State::cancelled;
      call.resume_(call);
    }
    ending = std::exchange(threads_, {});
  }
  wake_.notify_all();
  for (std::thread& thread : ending) thread.join();
}

std::size_t BlockingPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queued_;
}

std::size_t BlockingPool::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

void BlockingPool::append(Call& call) {
  call.state_ = Call::State::queued;
  call.next_ = nullptr;
  call.previous_ = last_;
  (last_ == nullptr ? first_ : last_->next_) = &call;
  last_ = &call;
  ++queued_;
}

void BlockingPool::remove(Call& call) {
  (call.previous_ == nullptr ? first_ : call.previous_->next_) = call.next_;
  (call.next_ == nullptr ? last_ : call.next_->previous_) = call.previous_;
  --queued_;
}

}  // namespace h3
