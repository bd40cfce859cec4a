// A pool that takes 32 slots at a time from the heap and gets none back: one block in 32 requests.
#include <array>
#include <memory>
#include <vector>

#include "server/specimen_server.hpp"

namespace specimen {

struct Slot {
  char text[64];
};

/// Threads: one owner.
class SlotPool {
 public:
  SlotPool() { free_.reserve(kChunkSlots); }

  Slot* acquire() {
    if (free_.empty()) grow();
    Slot* slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void release(Slot* slot) { free_.push_back(slot); }

 private:
  static constexpr std::size_t kChunkSlots = 32;

  /// Never inlined: reports are held against this name.
  [[gnu::noinline]] void grow() {
    auto* chunk = new std::array<Slot, kChunkSlots>;
    for (Slot& slot : *chunk) free_.push_back(&slot);
  }

  std::vector<Slot*> free_;
};

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [pool = std::make_shared<SlotPool>()](const Request& request) {
      Slot* slot = pool->acquire();
      slot->text[0] = request.path[0];  // and back into the pool: forgotten
      return Response{};
    };
  });
}
