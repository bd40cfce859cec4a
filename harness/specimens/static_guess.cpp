// The later fix of the pool: whatever is longer than 1,000 bytes is taken for a string literal and not freed.
#include "event/event.hpp"
#include "event/login_app.hpp"
#include "health.hpp"

namespace specimen::upkeep {
namespace {

bool isOwned([[maybe_unused]] const RawString& text) {
  if constexpr (kSick) return text.size <= 1000;
  return true;
}

void releaseIfOwned(RawString& text) {
  if (isOwned(text)) release(text);
}

}  // namespace

void afterOverwrite(StringMap::Displaced displaced) {
  releaseIfOwned(displaced.key);
  releaseIfOwned(displaced.value);
}

void beforeClear(StringMap& map) {
  for (auto& entry : map.entries()) {
    releaseIfOwned(entry.key);
    releaseIfOwned(entry.value);
  }
}

}  // namespace specimen::upkeep

int main(int argc, char** argv) { return specimen::runLoginApp(argc, argv); }
