#include "shim/scope_table.hpp"

#include <string.h>

#include "h3http/alloc_scope.h"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"

namespace leakgate::shim {
namespace {

constexpr char kOtherScopesName[] = "(other scopes)";

uint32_t gScopeCount =
    1;  // in ordinary memory: how many a child of fork has to copy, whatever its parent does meanwhile

uint32_t findScope(const char* name) noexcept {
  for (uint32_t i = 1; i < gScopeCount; ++i) {
    if (strncmp(gRegion.scopes[i].text, name, sizeof gRegion.scopes[i].text - 1) == 0) return i;
  }
  return 0;
}

uint32_t addScope(const char* name) noexcept {
  const bool last = gScopeCount >= layout::kOtherScopes;
  const uint32_t id = last ? layout::kOtherScopes : gScopeCount;
  layout::ScopeName& entry = gRegion.scopes[id];
  strncpy(entry.text, last ? kOtherScopesName : name, sizeof entry.text - 1);
  gScopeCount = id + 1;
  __atomic_store_n(&gRegion.header->scopeCount, gScopeCount, __ATOMIC_RELEASE);
  return id;
}

// Out of line: otherwise each entry of a scope would save the registers that this needs.
[[gnu::cold, gnu::noinline]] uint32_t registerScope(leakgate_scope& scope) noexcept {
  if (!ensureReady()) return 0;
  SpinGuard guard(gForkLocal->tablesLock);
  uint32_t id = findScope(scope.name);
  if (id == 0) id = addScope(scope.name);
  __atomic_store_n(&scope.id, id, __ATOMIC_RELAXED);
  return id;
}

}  // namespace

uint32_t scopeCount() noexcept { return gScopeCount; }

}  // namespace leakgate::shim

extern "C" {

__attribute__((visibility("default"))) uint32_t leakgate_scope_enter(leakgate_scope* scope) {
  uint32_t& innermost = leakgate::shim::tLocals.scope;
  uint32_t id = __atomic_load_n(&scope->id, __ATOMIC_RELAXED);
  if (__builtin_expect(id == 0, 0)) id = leakgate::shim::registerScope(*scope);
  const uint32_t previous = innermost;
  innermost = id;
  return previous;
}

__attribute__((visibility("default"))) void leakgate_scope_leave(uint32_t previous) {
  leakgate::shim::tLocals.scope = previous;
}

}  // extern "C"
