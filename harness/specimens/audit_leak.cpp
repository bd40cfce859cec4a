// The audit's first finding: setContext and setParam copy key and value, and nothing is ever freed, neither
// when a key is overwritten nor when the pool takes the event back.
#include "event/event.hpp"
#include "event/login_app.hpp"
#include "health.hpp"

namespace specimen::upkeep {

void afterOverwrite([[maybe_unused]] StringMap::Displaced displaced) {
  if constexpr (!kSick) {
    release(displaced.key);
    release(displaced.value);
  }
}

void beforeClear([[maybe_unused]] StringMap& map) {
  if constexpr (!kSick) releaseAll(map);
}

}  // namespace specimen::upkeep

int main(int argc, char** argv) { return specimen::runLoginApp(argc, argv); }
