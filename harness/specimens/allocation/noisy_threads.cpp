// One small leak amid heavy noise: each request also takes 64 blocks of all sizes, and frees as many that any
// of the four threads took before.
#include <array>
#include <cstring>
#include <memory>
#include <mutex>

#include "server/specimen_server.hpp"

namespace specimen {

/// Blocks of all threads. Full after its first turn, so that every block in frees one.
class Noise {
 public:
  void make(unsigned seed) {
    for (unsigned i = 0; i < kBlocksEach; ++i) exchange(16 + (seed * 2654435761U + i * 40503U) % 2000);
  }

 private:
  static constexpr unsigned kBlocksEach = 64;
  static constexpr std::size_t kBlocksMax = 1024;

  void exchange(std::size_t bytes) {
    std::unique_ptr<char[]> block(new char[bytes]);
    block[0] = 'x';
    const std::scoped_lock lock(mutex_);
    blocks_[next_++ % kBlocksMax].swap(block);
  }

  std::mutex mutex_;
  std::array<std::unique_ptr<char[]>, kBlocksMax> blocks_;
  std::size_t next_ = 0;
};

thread_local char* trace = nullptr;

[[gnu::noinline]] void startTrace() { trace = new char[24]; }

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  const auto noise = std::make_shared<Noise>();
  return runServer(argc, argv, [noise] {
    return [noise, seed = 0U](const Request& request) mutable {
      noise->make(++seed);
      startTrace();
      trace[0] = request.path[0];
      return Response{};
    };
  });
}
