// A reactor without a kernel: the bytes of one socket as literal lists.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "server/reactor.hpp"

namespace h3::test {

/// Gives what arrive() and its like have queued, then EAGAIN; accepts what acceptNext() has queued, then all.
class FakeReactor final : public server::Reactor {
 public:
  static constexpr int kSocket = 7;

  void arrive(std::string_view bytes) { arrivals_.push_back({std::string(bytes), 0}); }
  void arriveEnd() { arrivals_.push_back({{}, 0}); }
  void arriveError(int error) { arrivals_.push_back({{}, -error}); }
  /// Of the next sends: so many bytes at most, or -errno.
  void acceptNext(std::initializer_list<ssize_t> results) { accepts_.assign(results); }
  /// The last sends are under way, see Reactor::allSent().
  void setAllSent(bool on) { allSent_ = on; }
  void setUnacknowledged(int bytes) { unacknowledged_ = bytes; }

  /// Everything that was accepted since the last call.
  std::string takeSent() { return std::exchange(sent_, {}); }
  std::size_t sends() const { return sends_; }
  std::size_t receives() const { return receives_; }
  /// Of the last receive.
  std::size_t lastRoom() const { return lastRoom_; }
  /// Bytes that have arrived and not been received.
  std::size_t waitingBytes() const {
    std::size_t bytes = 0;
    for (const Arrival& arrival : arrivals_) bytes += arrival.bytes.size();
    return bytes;
  }
  bool isShutDown() const { return shutDown_; }
  bool isClosed() const { return closed_; }
  bool isReset() const { return closed_ && unsentDropped_; }

  void start() override {}
  void stop() override {}
  void collect() noexcept override {}
  int add(int, server::Pollable&) override { return kSocket; }
  void receive(std::span<server::Receive> wanted) noexcept override {
    for (server::Receive& each : wanted) each.result = receiveOne(each);
  }
  void send(std::span<server::Send> offered) noexcept override {
    for (server::Send& each : offered) each.result = sendOne({each.from, each.size});
  }
  void flush() noexcept override {}
  bool allSent(int) override { return allSent_; }
  void shutdownSend(int) override { shutDown_ = true; }
  int unacknowledgedBytes(int) override { return unacknowledged_; }
  void dropUnsent(int) override { unsentDropped_ = true; }
  void close(int) override { closed_ = true; }

 private:
  struct Arrival {
    std::string bytes;
    ssize_t result;  ///< when there are no bytes
  };

  ssize_t receiveOne(const server::Receive& wanted) {
    ++receives_;
    lastRoom_ = wanted.room;
    if (arrivals_.empty()) return -EAGAIN;
    Arrival& next = arrivals_.front();
    const std::size_t moved = std::min(next.bytes.size(), wanted.room);
    const ssize_t result = next.bytes.empty() ? next.result : static_cast<ssize_t>(moved);
    std::copy_n(next.bytes.data(), moved, wanted.into);
    next.bytes.erase(0, moved);
    if (next.bytes.empty()) arrivals_.pop_front();
    return result;
  }

  ssize_t sendOne(std::string_view bytes) {
    ++sends_;
    std::size_t accepted = bytes.size();
    if (!accepts_.empty()) {
      const ssize_t next = accepts_.front();
      accepts_.pop_front();
      if (next < 0) return next;
      accepted = std::min(accepted, static_cast<std::size_t>(next));
    }
    sent_.append(bytes.substr(0, accepted));
    return static_cast<ssize_t>(accepted);
  }

  std::deque<Arrival> arrivals_;
  std::deque<ssize_t> accepts_;
  std::string sent_;
  std::size_t sends_ = 0;
  std::size_t receives_ = 0;
  std::size_t lastRoom_ = 0;
  int unacknowledged_ = 0;
  bool allSent_ = true;
  bool shutDown_ = false;
  bool unsentDropped_ = false;
  bool closed_ = false;
};

}  // namespace h3::test
