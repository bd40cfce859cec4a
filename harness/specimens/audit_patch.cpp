// The audit's own patch: the old value is freed, but the map keeps the key that it has, so the new copy of
// the key is lost each time that a key is overwritten.
#include "event/event.hpp"
#include "event/login_app.hpp"
#include "health.hpp"

namespace specimen::upkeep {

void afterOverwrite(StringMap::Displaced displaced) {
  release(displaced.value);
  if constexpr (!kSick) release(displaced.key);
}

void beforeClear(StringMap& map) { releaseAll(map); }

}  // namespace specimen::upkeep

int main(int argc, char** argv) { return specimen::runLoginApp(argc, argv); }
