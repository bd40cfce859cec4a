/* Allocation scopes: "these allocations were made inside setContext".
 *
 * A program marks a stretch of synchronous code with a scope. Without the leakgate shim the two functions
 * are absent (weak, null) and a mark costs one predictable branch. With the shim preloaded, each allocation
 * is counted under the innermost scope of its thread, even where the marked function was inlined.
 *
 * Threads: a scope belongs to the thread that entered it; enter and leave must pair on one thread, so never
 * keep a scope open across a co_await.
 * Lifetime: a leakgate_scope has static storage duration; its name is a string literal of at most 63 bytes.
 */
#ifndef H3HTTP_ALLOC_SCOPE_H
#define H3HTTP_ALLOC_SCOPE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names of a C interface, which other libraries share. NOLINTBEGIN(readability-identifier-naming) */
struct leakgate_scope {
  const char* name;
  uint32_t id; /* 0 until the shim has given it a number; written by the shim only */
};

/* Makes the scope the thread's innermost one. Returns the one before it, for leakgate_scope_leave. */
uint32_t leakgate_scope_enter(struct leakgate_scope* scope) __attribute__((weak));

/* Goes back to the scope that leakgate_scope_enter returned. */
void leakgate_scope_leave(uint32_t previous) __attribute__((weak));
/* NOLINTEND(readability-identifier-naming) */

#ifdef __cplusplus
}

namespace h3 {

/// Holds an allocation scope open for the lifetime of the object (see the top of this file).
class AllocScope {
 public:
  explicit AllocScope(leakgate_scope& scope) noexcept {
    if (leakgate_scope_enter != nullptr) previous_ = leakgate_scope_enter(&scope);
  }
  ~AllocScope() {
    if (leakgate_scope_leave != nullptr) leakgate_scope_leave(previous_);
  }
  AllocScope(const AllocScope&) = delete;
  AllocScope& operator=(const AllocScope&) = delete;

 private:
  uint32_t previous_ = 0;
};

}  // namespace h3
#endif

#endif
