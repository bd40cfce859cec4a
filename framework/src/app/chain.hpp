// Middleware in the order in which it runs, and where each applies.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/body_decoder.hpp"
#include "h3http/handler.hpp"
#include "h3http/method.hpp"
#include "h3http/middleware.hpp"
#include "h3http/route_info.hpp"

namespace h3 {

/// Throws std::invalid_argument when `prefix` can match nothing; `what` names it.
void checkPrefix(std::string_view what, std::string_view prefix);

/// A Scope prepared for quick checks. A path is below a prefix if any reading of it is: see
/// isUnderDecodedPrefix().
class ScopeFilter {
 public:
  explicit ScopeFilter(Scope scope);

  /// `path`: canonical.
  bool appliesTo(Method method, std::string_view path) const {
    return (!anyMethod_ && !methods_.contains(method)) ? false : prefix_.empty() || underPrefix(path);
  }
  void mountAt(std::string_view prefix) { prefix_.insert(0, prefix); }

 private:
  bool underPrefix(std::string_view path) const;

  std::string prefix_;
  MethodSet methods_;
  bool anyMethod_ = true;
};

/// A middleware of the onion.
struct OnionLayer {
  Middleware call;
  bool async = false;  ///< it starts a coroutine, and may respond later
};

template <class Call>
struct Layer {
  ScopeFilter filter;
  Call call;
};

struct Route {
  Method method = Method::get;
  std::string otherMethod;  ///< name of a Method::other
  std::string pattern;
  Handler handler;
  bool async = false;
  std::vector<FastMiddleware> fast;
  std::vector<OnionLayer> onion;
  bool acceptsCodedBodies = false;                        ///< the handler decodes a body's Content-Encoding
  bool streamsBody = false;                               ///< the handler reads the body piece by piece
  std::optional<std::uint64_t> bodyBytes = std::nullopt;  ///< its limit of a request body
  std::optional<std::uint32_t> handlerMs = std::nullopt;  ///< its limit of a deferred handler

  std::shared_ptr<const BodyDecoder> decoder =
      nullptr;  ///< of bodies with a Content-Encoding; null: they are refused

  std::shared_ptr<RouteInfo> info = nullptr;  ///< null: nothing is known beyond method and pattern

  std::string_view methodText() const { return method == Method::other ? otherMethod : toString(method); }
  bool decodesBodies() const { return decoder != nullptr && !streamsBody; }

  bool hasExtras = false;  ///< Set by the dispatcher: something of it goes into EventExtras.
  bool bare = false;  ///< Set by the dispatcher: the handler has no onion, neither the app's nor its own.
};

/// The onion of one request: the layers of the app that apply, then the route's own, then the core.
///
/// Lifetime: one request; on the stack, or in the event's arena when a layer is asynchronous. Trivially destructible.
class Chain {
 public:
  using Core = void (*)(void* context, Event& event);

  Chain(const std::vector<Layer<OnionLayer>>& layers, const Route* route, Core core, void* coreContext)
      : layers_(layers), route_(route), core_(core), coreContext_(coreContext) {}

  void run(Event& event) const { proceed(event, 0); }

 private:
  friend class AsyncNext;
  friend class Next;
  /// Positions count through the app's layers, then the route's.
  void proceed(Event& event, std::size_t position) const;

  const std::vector<Layer<OnionLayer>>& layers_;
  const Route* route_;
  Core core_;
  void* coreContext_;
};

}  // namespace h3
