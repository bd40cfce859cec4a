// Callbacks for later, with what they captured; they are called once and never taken off the list.
#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "server/specimen_server.hpp"

namespace specimen {

/// Threads: one owner.
class Timers {
 public:
  Timers() { callbacks_.reserve(kCallbacksMax); }

  /// Never inlined: reports are held against this name.
  [[gnu::noinline]] void callLater(std::size_t bytes) {
    const auto wrap = [](std::array<char, 64> note) {  // too large for std::function to hold in place
      return std::function<std::size_t()>([note] { return note.size(); });
    };
    if (callbacks_.size() < kCallbacksMax) callbacks_.push_back(wrap({static_cast<char>(bytes)}));
  }

 private:
  static constexpr std::size_t kCallbacksMax = 100'000;
  std::vector<std::function<std::size_t()>> callbacks_;
};

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [timers = std::make_shared<Timers>()](const Request& request) {
      timers->callLater(request.path.size());
      return Response{};
    };
  });
}
