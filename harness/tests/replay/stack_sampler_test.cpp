#include "replay/stack_sampler.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "region/process_file.hpp"
#include "symbols/symbolizer.hpp"

using namespace leakgate;

namespace {

volatile unsigned long sink = 0;

[[gnu::noinline]] void burnTime() {
  for (unsigned long i = 0; i < 100'000; ++i) sink = sink + i;
}

// A child of this test that runs a function; ended with its scope.
class Child {
 public:
  explicit Child(void (*function)()) : pid_(::fork()) {
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) function();
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    int status = 0;
    do ::waitpid(pid_, &status, 0);
    while (WIFSTOPPED(status));
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

std::vector<StackSample> sampled(pid_t pid, std::chrono::milliseconds time) {
  StackSampler sampler;
  sampler.sample({pid}, 3);
  std::this_thread::sleep_for(time);
  sampler.pause();
  return sampler.take();
}

// A sanitizer's function may be the innermost one.
bool names(const std::vector<Frame>& frames, std::string_view function) {
  return std::any_of(frames.begin(), frames.end(),
                     [&](const Frame& frame) { return frame.function.find(function) != std::string::npos; });
}

bool isIn(const StackSample& sample, std::string_view function) {
  Symbolizer symbolizer;
  return std::any_of(sample.frames.begin(), sample.frames.end(), [&](const CodeLocation& location) {
    return names(symbolizer.frames(location), function);
  });
}

// A sample in the function, of a system call or not, looked for longer and longer: a new child may not have come to it,
// and a sanitizer does work of its own in the function.
std::optional<StackSample> sampleIn(pid_t pid, std::string_view function, bool inSystemCall) {
  for (auto time = std::chrono::milliseconds(50); time < std::chrono::seconds(60); time *= 2) {
    for (StackSample& sample : sampled(pid, time)) {
      if (sample.inSystemCall == inSystemCall && isIn(sample, function)) return std::move(sample);
    }
  }
  return std::nullopt;
}

// A new child runs for a moment.
void waitUntilAsleep(pid_t pid) {
  while (processStat(pid).state != 'S') {
  }
}

}  // namespace

TEST_CASE("a busy thread is sampled where it works, and continues") {
  const Child child(burnTime);
  for (int round = 0; round < 2; ++round) {
    const auto sample = sampleIn(child.pid(), "burnTime", false);
    REQUIRE(sample.has_value());
    CHECK(sample->block == 3);
  }
}

#ifdef __x86_64__
TEST_CASE("a sample in a system call says so") {
  const Child child([] {
    static char block[1 << 22];
    ::getrandom(block, sizeof block, 0);
  });
  CHECK(sampleIn(child.pid(), "getrandom", true).has_value());
}
#endif

TEST_CASE("a sleeping thread is left alone") {
  const Child child([] { ::pause(); });
  waitUntilAsleep(child.pid());
  CHECK(sampled(child.pid(), std::chrono::milliseconds(100)).empty());
}

TEST_CASE("a process that ends meanwhile is no error") {
  auto child = std::make_unique<Child>(burnTime);
  StackSampler sampler;
  sampler.sample({child->pid()}, 1);
  child.reset();
  sampler.sample({1 << 22}, 2);  // no such process
  sampler.take();
}

TEST_CASE("a process whose threads end while one is held can be waited for") {
  for (int round = 0; round < 50; ++round) {
    auto child = std::make_unique<Child>([] {
      const std::jthread other([] {
        for (;;) burnTime();
      });
      ::pause();
    });
    StackSampler sampler;
    sampler.sample({child->pid()}, 1);
    std::this_thread::sleep_for(std::chrono::microseconds(4'000 + 97 * round));
    child.reset();
  }
}
