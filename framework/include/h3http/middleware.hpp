// Code that runs around handlers: the onion (Event&, Next&) and the plain functions that run before it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/event.hpp"

namespace h3 {

class Chain;

/// The rest of the onion: call it once to go inwards; not calling it stops there.
///
/// Lifetime: valid during the middleware's call only.
class Next {
 public:
  void operator()();

 private:
  friend class Chain;
  Next(const Chain& chain, Event& event, std::size_t position)
      : chain_(chain), event_(event), position_(position) {}

  const Chain& chain_;
  Event& event_;
  std::size_t position_;
};

/// A layer of the onion. Its code after `next()` runs when the inner layers have responded.
using Middleware = std::function<void(Event&, Next&)>;

/// Result of a FastMiddleware: continue, or stop because it has responded.
enum class FastResult { next, stop };

/// A plain function that runs before the onion; the cheap form for checks and fixed headers.
using FastMiddleware = std::function<FastResult(Event&)>;

/// Where a middleware applies: below a path prefix ("" is everywhere; "/api" is "/api" and "/api/..."), for
/// some methods only when `methods` is not empty; GET covers HEAD, as it does in routing.
///
/// A prefix is literal and percent-encoded in the spelling of Event::path(). No other spelling of a path passes it:
/// escapes, dot segments, encoded and repeated slashes ("/api%2Fx", "//api/x") are below it too. Errors:
/// std::invalid_argument for a prefix that can match nothing ("/a b", "/%zz", "/a/../b", "/:id"); the message says
/// what to write.
struct Scope {
  std::string prefix = {};
  std::vector<Method> methods = {};
};

}  // namespace h3
