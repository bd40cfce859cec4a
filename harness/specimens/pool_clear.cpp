// Overwriting is done right, but a reused event's maps are cleared without freeing what they point to.
#include "event/event.hpp"
#include "event/login_app.hpp"
#include "health.hpp"

namespace specimen::upkeep {

void afterOverwrite(StringMap::Displaced displaced) {
  release(displaced.key);
  release(displaced.value);
}

void beforeClear([[maybe_unused]] StringMap& map) {
  if constexpr (!kSick) releaseAll(map);
}

}  // namespace specimen::upkeep

int main(int argc, char** argv) { return specimen::runLoginApp(argc, argv); }
