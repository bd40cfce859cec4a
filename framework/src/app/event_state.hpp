// The state of an Event: the server fills in the request, the app the response.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "app/body_source.hpp"
#include "app/cancellation.hpp"
#include "app/context_map.hpp"
#include "app/event_host.hpp"
#include "app/event_streams.hpp"
#include "app/layer_wait.hpp"
#include "app/worker_services.hpp"
#include "h3http/arena.hpp"
#include "h3http/detail/buffer_pool.hpp"
#include "h3http/detail/route_params.hpp"
#include "http/target.hpp"
#include "protocol/request_head.hpp"
#include "protocol/response_writer.hpp"

namespace h3 {

struct RouteInfo;
class Session;
class SessionManager;

/// The fields that setHeader and appendHeader gathered, in an arena.
class ResponseFields {
 public:
  static constexpr std::uint32_t kMaxFields = 128;

  void set(Arena& arena, std::string_view name, std::string_view value);
  void append(Arena& arena, std::string_view name, std::string_view value);
  /// Replaces the value of the first field that `matches`; returns whether there is one. The value must be one that
  /// append() takes.
  template <class Matches>
  bool replaceIf(Arena& arena, Matches&& matches, std::string_view value) {
    for (protocol::ResponseField* field = fields_; field != fields_ + size_; ++field) {
      if (!matches(std::as_const(*field))) continue;
      field->value = arena.copy(value);
      return true;
    }
    return false;
  }
  std::optional<std::string_view> find(std::string_view name) const;
  /// Drops all fields of that name.
  void remove(std::string_view name);
  std::span<const protocol::ResponseField> all() const { return {fields_, size_}; }
  void clear() { *this = ResponseFields{}; }

 private:
  protocol::ResponseField* fields_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

/// How much of a response a handler has given.
enum class Given : std::uint8_t { nothing, status, response };

/// In an arena: destroyed, but not deleted.
struct DestroyOnly {
  template <class T>
  void operator()(T* object) const noexcept {
    std::destroy_at(object);
  }
};
using OwnedBodySource = std::unique_ptr<BodySource, DestroyOnly>;

class Form;

/// Who has ended a request without a response.
enum class SilentLayer : std::uint8_t { handler, onion, fast };

/// What only some requests have.
struct EventExtras {
  const Form* form = nullptr;              ///< the body, once parsed
  std::string_view peerAddress;            ///< of the proxy that forwarded the request
  std::string_view scheme;                 ///< as a trusted proxy says; else empty
  std::string_view host;                   ///< the same
  SessionManager* sessions = nullptr;      ///< of an app with sessions()
  Session* session = nullptr;              ///< once session() was called
  std::optional<std::uint32_t> handlerMs;  ///< of the route, instead of TimeoutConfig::handlerMs
  const RouteInfo* route = nullptr;        ///< of a route with meta()
  SilentLayer silent = SilentLayer::handler;
  const bool* onionReached = nullptr;  ///< whether an onion with asynchronous layers has called its core
  LayerWait* wait = nullptr;           ///< of the innermost asynchronous layer that waits
  bool keepsUncompressed = false;      ///< doNotCompress()
};

struct EventState {
  static EventState& of(Event& event) { return *event.state_; }
  static const EventState& of(const Event& event) { return *event.state_; }

  explicit EventState(WorkerServices& workerServices)
      : services(workerServices), arena(*workerServices.memory.acquireArena()) {}
  ~EventState() {
    releaseBuffers();
    bodyRest.reset();
    streams.reset();
    services.memory.releaseArena(&arena);
  }

  /// Prepares for the next request: O(1), whatever the last one did. Keeps the fields that the server sets
  /// for each request anyway (the request's views, the head, client and time).
  void reset();

  /// The client is gone: nothing of the response will arrive. Cancels what a deferred handler waits for,
  /// which may end it before this returns.
  void disconnect();
  /// Whether the handler has ended because disconnect() cancelled it, and not with an error of its own.
  bool wasCancelled() const;

  /// Memory for a response's body from the worker's buffer pool, until the event ends or this is called
  /// again. For bodies that are too large for an arena. Errors: std::bad_alloc beyond the pool's largest
  /// buffer.
  std::span<char> borrowBody(std::size_t bytes);
  /// The response's body is now the first `bytes` of this buffer of the worker's pool, which it takes over.
  void replaceBody(Buffer buffer, std::size_t bytes);
  /// The same for the request's body. Behind it the buffer has what was behind the body before: its trailers.
  void replaceRequestBody(Buffer buffer, std::size_t bytes);

  /// Makes a source of the event's own, in its arena: for continueBody(), before the event ends.
  template <class Source, class... Args>
  OwnedBodySource makeBodySource(Args&&... args) {
    void* const memory = arena.allocate(sizeof(Source), alignof(Source));
    return OwnedBodySource(::new (memory) Source(std::forward<Args>(args)...));
  }
  /// The event's streams; made in its arena by the first call, with the whole body as a piece.
  EventStreams& useStreams();
  /// Whether the response is written piece by piece, and its head is queued.
  bool responseBegun() const { return streams != nullptr && streams->response.begun; }
  /// Whether the response is to be ended as one that is written piece by piece, once the handler has ended.
  bool endsStream() const {
    if (streams == nullptr || !streams->response.started) return false;
    return streams->response.begun || (!error && !disconnected);
  }
  /// What `rest` gives follows responseBody, unless a send function is called after this.
  void continueBody(OwnedBodySource rest) { bodyRest = std::move(rest); }
  /// Made in the arena at the first call.
  EventExtras& getExtras() {
    if (extras == nullptr) extras = arena.make<EventExtras>();
    return *extras;
  }

  LayerWait* innermostWait() const { return extras == nullptr ? nullptr : extras->wait; }

  /// Memory that only this event holds.
  std::size_t heldBytes() const {
    return arena.usedBytes() + bodyBuffer_.capacity + requestBuffer_.capacity +
           (bodyRest ? bodyRest->heldBytes() : 0);
  }
  std::uint64_t responseBytes() const {
    return responseBody.size() + (bodyRest ? bodyRest->remainingBytes() : 0);
  }

  WorkerServices& services;
  Arena& arena;

  // Request. Views into the connection's buffer.
  protocol::RequestHead head;
  const char* base = nullptr;  ///< the message's first byte
  Target target;
  std::string_view path;  ///< canonical
  std::string_view body;
  std::string_view clientAddress;
  std::string_view routePattern;
  RouteParams routeParams;
  ContextMap context;
  ContextMap params;
  std::uint64_t startedNs = 0;
  RouteTiming timing;
  EventExtras* extras = nullptr;

  // Response. Views into the arena, or static.
  int status = 200;
  Given given = Given::nothing;
  bool deferred = false;
  bool closeAfter = false;  ///< the response has `Connection: close`
  bool disconnected = false;
  bool lengthUnknown = false;  ///< a HEAD handler of its own: without a body it states no length
  std::string_view contentType;
  std::string_view responseBody;
  OwnedBodySource bodyRest;  ///< gives the bytes after responseBody
  ResponseFields fields;
  EventHost* host = nullptr;
  Deferred handle;  ///< of the last defer(), also of an earlier request
  std::exception_ptr error;
  Cancellation cancellation;
  std::unique_ptr<EventStreams, DestroyOnly> streams;  ///< null while the handler uses none

 private:
  void releaseBody() noexcept;
  void forgetHandler() noexcept;
  void releaseBuffers() noexcept;

  Buffer bodyBuffer_{};        ///< of the response's body
  Buffer requestBuffer_{};     ///< of a request's body that was decoded
  bool holdsBuffers_ = false;  ///< one of these: reset() looks at no more
};

}  // namespace h3
