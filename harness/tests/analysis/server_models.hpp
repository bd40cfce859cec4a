// Models of servers, sick ones and clean ones, for simulated runs.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "simulated_run.hpp"

namespace leakgate {

// Every request does `work`; `time` is called as it goes by. What they return is live.
class FunctionModel final : public Model {
 public:
  using Work = std::function<std::int64_t(std::uint64_t request, double now)>;
  using Time = std::function<std::int64_t(double now)>;
  FunctionModel(Work work, Time time) : work_(std::move(work)), time_(std::move(time)) {}
  void request() override { byWork_ = work_ ? work_(++requests_, now_) : 0; }
  void pass(double seconds) override {
    now_ += seconds;
    if (time_) byTime_ = time_(now_);
  }
  std::int64_t live() const override { return byWork_ + byTime_; }

 private:
  Work work_;
  Time time_;
  std::uint64_t requests_ = 0;
  double now_ = 0;
  std::int64_t byWork_ = 0;
  std::int64_t byTime_ = 0;
};

inline std::unique_ptr<Model> byRequests(FunctionModel::Work work) {
  return std::make_unique<FunctionModel>(std::move(work), nullptr);
}

inline std::unique_ptr<Model> byTime(FunctionModel::Time time) {
  return std::make_unique<FunctionModel>(nullptr, std::move(time));
}

inline std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

inline ModelOf every(double requests) {
  return [=](std::uint64_t seed) {
    const double phase = static_cast<double>(seed % 997) / 997 * requests;
    return byRequests(
        [=](std::uint64_t n, double) { return whole((static_cast<double>(n) + phase) / requests); });
  };
}

inline ModelOf atRandom(double oneIn) {
  return [=](std::uint64_t seed) {
    return byRequests(
        [=, random = std::mt19937_64(seed), live = std::int64_t{0}](std::uint64_t, double) mutable {
          return live += std::uniform_real_distribution<>()(random) * oneIn < 1 ? 1 : 0;
        });
  };
}

inline ModelOf cappedAt(std::int64_t cap) {
  return [=](std::uint64_t) {
    return byRequests([=](std::uint64_t n, double) { return std::min(static_cast<std::int64_t>(n), cap); });
  };
}

inline ModelOf randomKeys(std::uint64_t keys) {
  return [=](std::uint64_t seed) {
    return byRequests([=, random = std::mt19937_64(seed), met = std::vector<bool>(keys),
                       live = std::int64_t{0}](std::uint64_t, double) mutable {
      const std::size_t key = random() % keys;
      live += met[key] ? 0 : 1;
      met[key] = true;
      return live;
    });
  };
}

// Sessions of every 4th request that expire after `seconds`, looked for each 50 ms; one of `leakIn` stays.
class Sessions final : public Model {
 public:
  Sessions(double seconds, std::uint64_t leakIn) : seconds_(seconds), leakIn_(leakIn) {}
  void request() override {
    if (++requests_ % 4 == 0) until_.push_back(now_ + seconds_);
    if (leakIn_ != 0 && requests_ % leakIn_ == 0) ++leaked_;
  }
  void pass(double seconds) override {
    now_ += seconds;
    while (!until_.empty() && until_.front() <= now_) until_.pop_front();
  }
  std::int64_t live() const override { return leaked_ + static_cast<std::int64_t>(until_.size()); }

 private:
  double seconds_;
  std::uint64_t leakIn_;
  double now_ = 0;
  std::uint64_t requests_ = 0;
  std::int64_t leaked_ = 0;
  std::deque<double> until_;
};

inline ModelOf sessions(double seconds, std::uint64_t leakIn = 0) {
  return [=](std::uint64_t) { return std::make_unique<Sessions>(seconds, leakIn); };
}

// Sessions of every 2nd request, of which every 200th request removes those that have expired.
class LazySessions final : public Model {
 public:
  explicit LazySessions(double seconds) : seconds_(seconds) {}
  void request() override {
    if (++requests_ % 2 == 0) until_.push_back(now_ + seconds_);
    if (requests_ % 200 != 0) return;
    while (!until_.empty() && until_.front() <= now_) until_.pop_front();
  }
  void pass(double seconds) override { now_ += seconds; }
  std::int64_t live() const override { return static_cast<std::int64_t>(until_.size()); }

 private:
  double seconds_;
  double now_ = 0;
  std::uint64_t requests_ = 0;
  std::deque<double> until_;
};

inline ModelOf lazySessions(double seconds) {
  return [=](std::uint64_t) { return std::make_unique<LazySessions>(seconds); };
}

// Every 2nd request puts a job into a queue that a thread empties each `seconds`; one of `leakIn` jobs stays.
class Batches final : public Model {
 public:
  Batches(double seconds, std::uint64_t leakIn, double phase)
      : seconds_(seconds), leakIn_(leakIn), next_(phase * seconds) {}
  void request() override { queued_ += ++requests_ % 2 == 0 ? 1 : 0; }
  void pass(double seconds) override {
    now_ += seconds;
    while (next_ <= now_) {
      empty();
      next_ += seconds_;
    }
  }
  std::int64_t live() const override { return leaked_ + queued_; }

 private:
  void empty() {
    for (; queued_ > 0; --queued_) leaked_ += leakIn_ != 0 && ++jobs_ % leakIn_ == 0 ? 1 : 0;
  }

  double seconds_;
  std::uint64_t leakIn_;
  double next_;
  double now_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t jobs_ = 0;
  std::int64_t queued_ = 0;
  std::int64_t leaked_ = 0;
};

inline ModelOf batches(double seconds, std::uint64_t leakIn = 0) {
  return [=](std::uint64_t seed) {
    return std::make_unique<Batches>(seconds, leakIn, static_cast<double>(seed * 383 % 997) / 997);
  };
}

// Sessions with a table of 8 B each that is doubled when it is full. It counts what is alive, or, when it
// leaks, all that ever was.
class TabledSessions final : public Model {
 public:
  TabledSessions(double seconds, bool leaks) : sessions_(seconds, 0), leaks_(leaks) {}
  void request() override {
    sessions_.request();
    const auto all = static_cast<std::uint64_t>(leaks_ ? ++requests_ : sessions_.live());
    while (slots_ < all) slots_ *= 2;
  }
  void pass(double seconds) override { sessions_.pass(seconds); }
  std::int64_t live() const override { return sessions_.live(); }
  std::int64_t tableBytes() const override { return static_cast<std::int64_t>(8 * slots_); }

 private:
  Sessions sessions_;
  bool leaks_;
  std::uint64_t requests_ = 0;
  std::uint64_t slots_ = 64;
};

inline ModelOf tabledSessions(double seconds, bool leaks = false) {
  return [=](std::uint64_t) { return std::make_unique<TabledSessions>(seconds, leaks); };
}

// Sessions whose blocks go to a pool when they expire.
class PooledSessions final : public Model {
 public:
  explicit PooledSessions(double seconds) : sessions_(seconds, 0) {}
  void request() override {
    sessions_.request();
    peak_ = std::max(peak_, sessions_.live());
  }
  void pass(double seconds) override { sessions_.pass(seconds); }
  std::int64_t live() const override { return peak_; }

 private:
  Sessions sessions_;
  std::int64_t peak_ = 0;
};

inline ModelOf pooledSessions(double seconds) {
  return [=](std::uint64_t) { return std::make_unique<PooledSessions>(seconds); };
}

inline ModelOf eachSecond(double times) {
  return [=](std::uint64_t seed) {
    const double phase = static_cast<double>(seed % 997) / 997;
    return byTime([=](double now) { return whole(now * times + phase); });
  };
}

// The same on a machine that is too busy for it now and then: for a sixth of each minute, at another time for
// each seed, it comes to little.
inline ModelOf eachSecondWhenNotStarved(double times, double starvedShare) {
  return [=](std::uint64_t seed) {
    const double start = static_cast<double>(seed % 7) * 8;
    return byTime([=, last = 0.0, count = 0.0](double now) mutable {
      constexpr double kStep = 0.01;
      while (last + kStep <= now) {
        const double inMinute = std::fmod(last, 60);
        const bool starved = inMinute >= start && inMinute < start + 10;
        count += times * kStep * (starved ? starvedShare : 1);
        last += kStep;
      }
      return whole(count);
    });
  };
}

// Rises by time, ever more slowly, towards `most`.
inline ModelOf nearing(double most, double seconds) {
  return [=](std::uint64_t) {
    return byTime([=](double now) { return whole(most * (1 - std::exp(-now / seconds))); });
  };
}

inline ModelOf ringOf(double times, std::int64_t size) {
  return
      [=](std::uint64_t) { return byTime([=](double now) { return std::min(whole(now * times), size); }); };
}

enum class Noise { collector, uniform, walk };

// As a place where others come and go: `swing` of them; one of `leakIn` requests stays, 0: none.
inline ModelOf noisy(Noise noise, std::int64_t swing, std::uint64_t leakIn) {
  return [=](std::uint64_t seed) {
    return byRequests([=, random = std::mt19937_64(seed), pool = std::int64_t{0}, limit = swing](
                          std::uint64_t n, double) mutable {
      const auto draw = [&](std::int64_t upTo) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(upTo));
      };
      if (noise == Noise::uniform) pool = draw(swing + 1);
      if (noise == Noise::walk) pool = std::clamp<std::int64_t>(pool + draw(21) - 10, 0, swing);
      if (noise == Noise::collector && (pool += 1 + draw(2)) > limit) {
        pool = swing / 10;
        limit = swing / 2 + draw(swing / 2 + 1);
      }
      return pool + (leakIn == 0 ? 0 : static_cast<std::int64_t>(n / leakIn));
    });
  };
}

}  // namespace leakgate
