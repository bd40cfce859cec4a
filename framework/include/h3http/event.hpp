// Event: one request and its response, for handlers.
#pragma once

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "h3http/arena.hpp"
#include "h3http/deferred.hpp"
#include "h3http/header_values.hpp"
#include "h3http/json_writer.hpp"
#include "h3http/method.hpp"

namespace boost::asio {
class any_io_executor;
template <typename, typename>
class awaitable;
class cancellation_slot;
class io_context;
}  // namespace boost::asio

namespace h3 {

class EventPool;
class MemoryManager;
class StringPool;
struct EventState;
struct WorkerServices;
template <class T>
struct ValueTraits;

/// A field of a flat JSON object for Event::sendJson: a name and a scalar.
struct JsonField {
  enum class Kind : std::uint8_t { text, integer, unsignedInteger, number, boolean, null };

  JsonField(std::string_view fieldName, std::string_view value)
      : name(fieldName), kind(Kind::text), text(value) {}
  JsonField(std::string_view fieldName, const char* value) : JsonField(fieldName, std::string_view(value)) {}
  JsonField(std::string_view fieldName, std::nullptr_t) : name(fieldName), kind(Kind::null) {}
  JsonField(std::string_view fieldName, bool value) : name(fieldName), kind(Kind::boolean), integer(value) {}
  JsonField(std::string_view fieldName, double value) : name(fieldName), kind(Kind::number), number(value) {}
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) JsonField(std::string_view fieldName, T value)
      : name(fieldName),
        kind(std::is_signed_v<T> ? Kind::integer : Kind::unsignedInteger),
        integer(static_cast<std::int64_t>(value)) {}

  std::string_view name;
  Kind kind;
  std::string_view text;
  std::int64_t integer = 0;
  double number = 0;
};

/// One request and its response.
///
/// Lifetime: views of the request point into the connection's read buffer, views of context values and of the
/// response into the event's arena; all are valid until the event ends (the response is written). Copy what
/// must live longer. Allocates: nothing on the heap when warm; copies go into the arena. Threads: one, that
/// of the worker which serves the connection. Errors: values that would break the response (CR, LF or NUL in
/// a field) throw std::invalid_argument, which results in a 500.
class Event {
 public:
  explicit Event(WorkerServices& services);
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  // The request.
  Method method() const;
  std::string_view methodText() const;  ///< as sent, also for unknown methods
  std::string_view target() const;      ///< as sent
  /// "http" or "https": of an absolute target, else "http". Behind a proxy, see trustProxies().
  std::string_view scheme() const;
  /// Host and port, as sent: of an absolute target, which wins over the Host field, else of that field; "" for an
  /// HTTP/1.0 request with neither. Any case. See also trustProxies(). Source: RFC 9112 3.2.2 and 3.3.
  std::string_view host() const;
  std::string_view path() const;   ///< percent-encoded, in the one spelling that routing compares too
  std::string_view query() const;  ///< raw, without '?'
  int minorVersion() const;        ///< HTTP/1.x: 0 or 1
  std::optional<std::string_view> getHeader(
      std::string_view name) const;  ///< the first of that name, any case
  std::optional<std::string_view> getCookie(
      std::string_view name) const;                   ///< the first of that name, as sent; see findCookie()
  HeaderValues headers(std::string_view name) const;  ///< all of that name, in the order sent
  std::size_t headerCount() const;
  std::pair<std::string_view, std::string_view> headerAt(std::size_t index) const;  ///< in the order sent
  std::optional<std::string_view> getParam(
      std::string_view name);  ///< of the route pattern or setParam; decoded
  std::optional<std::string_view> getQuery(
      std::string_view name);  ///< first of that name, decoded; 1,000 keys at most

  /// A parameter that the route's pattern has, or setParam; decoded. "" for an optional one that the path lacks.
  /// Errors: UnknownParam, a std::logic_error, when the route has none of that name: 500, and the log names the route.
  std::string_view param(std::string_view name);
  /// Typed values, from typed_values.hpp: `event.query<int>("limit", {.min = 1, .max = 100, .fallback = 20})`.
  /// Errors: InvalidValues, a 400, when the value is missing or wrong. readValues() reads several, and lists all wrong
  /// ones. Allocates: nothing on the heap when all is right.
  template <class T>
  T query(std::string_view name, const typename ValueTraits<T>::Rule& rule = {});
  template <class T>
  T param(std::string_view name, const typename ValueTraits<T>::Rule& rule = {});
  template <class T>
  T header(std::string_view name, const typename ValueTraits<T>::Rule& rule = {});
  template <class T>
  T form(std::string_view name, const typename ValueTraits<T>::Rule& rule = {});

  /// Whole, decoded from its transfer coding. On a route with RouteHandle::streamBody(): "", see readSome().
  std::string_view readBody() const;
  /// The first trailer field of that name, any case, after a chunked body. Trailers never become fields of the head;
  /// those of framing, routing, authentication, request modifiers and content are not given at all. 16 KiB and 100 of
  /// them at most, else a 400. Source: RFC 9110 6.5.
  std::optional<std::string_view> getTrailer(std::string_view name) const;
  std::string_view clientAddress() const;  ///< numeric, or "unix"; see also trustProxies()
  std::string_view routePattern() const;   ///< of the matched route; "" when none
  /// What RouteHandle::meta() has said of the matched route. Valid as long as the App.
  std::optional<std::string_view> routeMeta(std::string_view key) const;

  // Values that the program stores with the request.
  void setContext(std::string_view key, std::string_view value);
  std::optional<std::string_view> getContext(std::string_view key) const;
  void setParam(std::string_view name, std::string_view value);

  // The response. The last call wins; the content type is set by a send function or, after it, by setHeader. A handler
  // that calls neither a send function nor setStatus has forgotten its response: 500. With 204, 205 and 304 no content
  // is sent, whatever the body; to HEAD the length of the body is sent without it, and none if a handler for HEAD only
  // sends no body (RFC 9110 8.6, 9.3.2, 15.3.6).
  Event& setStatus(int status);  ///< 200 to 599; 200 unless set
  int status() const;
  /// Replaces all fields of that name; copied. Errors: std::invalid_argument, which results in a 500, for control
  /// bytes and for what the server writes from the response itself: Content-Length, Transfer-Encoding, Date, and
  /// Server where Config::serverName is set. `Connection: close` is closeConnection(), `keep-alive` has no effect,
  /// other options are refused. In Location, Content-Location and the targets of Link, bytes that no URI may hold are
  /// percent-encoded: "/a b" is sent as "/a%20b". Source: RFC 9110 7.6.1, 8.6 and 6.6.1, RFC 3986 2.
  void setHeader(std::string_view name, std::string_view value);
  void appendHeader(std::string_view name, std::string_view value);  ///< adds; else as setHeader
  std::optional<std::string_view> responseHeader(std::string_view name) const;
  void sendText(std::string_view text);  ///< text/plain; copied
  void sendHtml(std::string_view html);
  void sendBytes(std::string_view bytes, std::string_view contentType);
  /// As sendBytes, without the copy: both views must outlive the response (string literals, request body,
  /// arena).
  void sendView(std::string_view bytes, std::string_view contentType);
  void sendJson(std::initializer_list<JsonField> object);
  void sendJsonText(std::string_view json);  ///< application/json, already serialised
  void sendJson(const JsonWriter& writer) { sendView(writer.text(), "application/json"); }
  /// To a URI, or a reference to one. Bytes that no URI may hold (blanks, non-ASCII, quotes) are encoded.
  void redirect(std::string_view location, int status = 302);
  void sendNothing(int status = 204);     ///< no body
  void closeConnection();                 ///< with this response: `Connection: close`
  bool responded() const;                 ///< a send function has been called
  std::string_view responseBody() const;  ///< the start of it, for a large file: see responseBytes()
  std::uint64_t responseBytes() const;    ///< of the whole body

  // Bodies piece by piece, in awaitable handlers (async.hpp; by callbacks, see stream.hpp). A client that is gone ends
  // the handler as it ends every coroutine (see AsyncStart). One of these at a time. Allocates: coroutine frames, which
  // Asio recycles.
  /// The next bytes of the request body, as many as have arrived; "" when all have been given. Valid until the next
  /// call. They are received only now, so a client cannot send faster than the handler reads. On a route without
  /// RouteHandle::streamBody(), the whole body at once. Errors: HttpError, once it is malformed (400), too large (413)
  /// or too slow (408); the connection then ends with the response.
  boost::asio::awaitable<std::string_view, boost::asio::any_io_executor> readSome();
  /// The response will be written by write(), with status and fields as they are at the first of these.
  /// `lengthBytes`: its Content-Length, which write() must reach; without it the body is chunked, or to HTTP/1.0 ends
  /// with the connection. Errors: std::logic_error when it has been called, or a response given.
  void startStream(std::string_view contentType, std::optional<std::uint64_t> lengthBytes = std::nullopt);
  /// Sends bytes of the response. Small ones are copied, and gathered until the handler waits for something; large ones
  /// are sent from where they are, and this ends when the client has taken them: so a slow client slows the handler
  /// down. Holds at most 16 KiB beside what is passed. To HEAD the handler ends with its first call. Errors:
  /// std::logic_error without startStream(); std::length_error beyond the announced length.
  boost::asio::awaitable<void, boost::asio::any_io_executor> write(std::string_view bytes);

  // Resources of the event and its worker.
  Arena& arena();
  StringPool& stringPool();              ///< the worker's
  MemoryManager& memory();               ///< the worker's
  EventPool& eventPool();                ///< the worker's
  boost::asio::io_context& ioContext();  ///< the worker's loop; see executorOf() in async.hpp

  // Deferred responses (see async.hpp for coroutines).
  /// The response comes later: call complete() or fail() of the returned handle, on the worker's thread, within
  /// TimeoutConfig::handlerMs. The event stays valid until then. Called again, it returns the same handle. A
  /// handler that throws after this has failed, and its handle completes nothing any more.
  Deferred defer();
  bool deferred() const;
  /// As those of the handle, but only while the event serves this request: a call after the response may meet the
  /// next request. Where two may call, use the handle. Without defer(): does nothing.
  void complete();
  void fail(std::exception_ptr error);

  /// Nanoseconds of the monotonic clock when the request's bytes were read.
  std::uint64_t startedNs() const;
  /// Whether the response is no longer wanted: the client has left, or the handler's deadline has passed. A
  /// deferred handler may stop early.
  bool disconnected() const;
  /// Of a deferred event, for one operation at a time: when the client is gone, `terminal` is emitted.
  /// Coroutine handlers are bound to it.
  boost::asio::cancellation_slot cancellationSlot();

 private:
  friend struct EventState;
  std::unique_ptr<EventState> state_;
};

}  // namespace h3
