#include "h3http/event.hpp"

#include <cassert>
#include <functional>
#include <span>
#include <stdexcept>

#include "app/event_state.hpp"
#include "app/json_field_writer.hpp"
#include "h3http/alloc_scope.h"
#include "h3http/cookies.hpp"
#include "h3http/query_params.hpp"
#include "h3http/route_info.hpp"
#include "http/ascii_case.hpp"
#include "http/control_bytes.hpp"
#include "http/percent.hpp"
#include "http/short_text.hpp"
#include "http/uri_reference.hpp"
#include "protocol/field_role.hpp"
#include "protocol/field_text.hpp"
#include "protocol/trailers.hpp"

namespace h3 {
namespace {

using protocol::FieldRole;

leakgate_scope setContextScope{"setContext", 0};
leakgate_scope setParamScope{"setParam", 0};
leakgate_scope responseScope{"answer", 0};  // the name of its metrics in baselines

constexpr std::string_view kTextType = "text/plain; charset=utf-8";
constexpr std::string_view kHtmlType = "text/html; charset=utf-8";
constexpr std::string_view kJsonType = "application/json";

// The request's body lives as long as the response: an echo needs no copy.
bool liesWithin(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> notAfter;
  return !part.empty() && notAfter(whole.data(), part.data()) &&
         notAfter(part.data() + part.size(), whole.data() + whole.size());
}

// For a content type that needs no check.
void setResponse(EventState& state, std::string_view body, std::string_view contentType) {
  if (state.bodyRest != nullptr) [[unlikely]]
    state.bodyRest.reset();
  state.responseBody = body;
  state.contentType = contentType;
  state.given = Given::response;
}

// Not inlined: its call would make the short types pay for saved registers. Errors: std::invalid_argument.
[[gnu::noinline]] void sendChecked(EventState& state, std::string_view body, std::string_view contentType) {
  protocol::checkFieldValue("Content-Type", contentType);
  setResponse(state, body, contentType);
}

// Copies the bytes unless they live as long as the response.
std::string_view kept(EventState& state, std::string_view bytes) {
  const AllocScope scope(responseScope);
  if (liesWithin(bytes, state.body)) return bytes;
  state.services.counters.add(Metric::bodyBytes, bytes.size());
  const std::span<char> copy = state.arena.allocateChars(bytes.size());
  copyText(copy.data(), bytes);
  return {copy.data(), copy.size()};
}

// A handler may end the connection; how long it stays open otherwise is the session's choice.
void readConnection(EventState& state, std::string_view value) {
  protocol::forEachListElement(value, [&state](std::string_view option) {
    if (equalsIgnoringCase(option, "close")) {
      state.closeAfter = true;
    } else if (!equalsIgnoringCase(option, "keep-alive")) {
      throw std::invalid_argument("response field Connection: expected close or keep-alive, found " +
                                  std::string(option));
    }
  });
}

// The value to send, unless the field is no line of its own.
[[gnu::noinline]] std::optional<std::string_view> takeSpecialField(EventState& state, FieldRole role,
                                                                   std::string_view name,
                                                                   std::string_view value) {
  protocol::checkFieldValue(name, value);
  switch (role) {
    case FieldRole::contentType:
      state.contentType = state.arena.copy(value);
      return std::nullopt;
    case FieldRole::connection:
      readConnection(state, value);
      return std::nullopt;
    case FieldRole::uri:
      return encodeUri(value, state.arena);
    case FieldRole::link:
      return encodeLink(value, state.arena);
    case FieldRole::serverName:
      if (!state.services.config.serverName.empty())
        throw std::invalid_argument(
            "response field Server is written by the server: Config::serverName is \"" +
            state.services.config.serverName + "\"");
      return value;
    default:
      return value;  // one that the server writes is refused with the others that may not be set
  }
}

}  // namespace

Event::Event(WorkerServices& services) : state_(std::make_unique<EventState>(services)) {}
Event::~Event() = default;

Method Event::method() const { return state_->head.method; }
std::string_view Event::methodText() const { return state_->head.methodText.in(state_->base); }
std::string_view Event::target() const { return state_->head.target.in(state_->base); }
std::string_view Event::scheme() const {
  if (state_->extras != nullptr && !state_->extras->scheme.empty()) return state_->extras->scheme;
  const bool secure = state_->target.form == TargetForm::absolute && target().size() > 5 &&
                      equalsIgnoringCase(target().substr(0, 6), "https:");
  return secure ? "https" : "http";
}

std::string_view Event::host() const {
  if (state_->extras != nullptr && !state_->extras->host.empty()) return state_->extras->host;
  if (state_->target.form == TargetForm::absolute) return state_->target.authority;
  return state_->head.host.in(state_->base);
}

std::string_view Event::path() const { return state_->path; }
std::string_view Event::query() const { return state_->target.query; }
int Event::minorVersion() const { return state_->head.minorVersion; }
std::string_view Event::readBody() const { return state_->body; }
std::string_view Event::clientAddress() const { return state_->clientAddress; }
std::string_view Event::routePattern() const { return state_->routePattern; }

std::optional<std::string_view> Event::routeMeta(std::string_view key) const {
  const RouteInfo* const route = state_->extras != nullptr ? state_->extras->route : nullptr;
  return route != nullptr ? route->value(key) : std::nullopt;
}

std::optional<std::string_view> Event::getHeader(std::string_view name) const {
  return state_->head.headers.find(name);
}

// Some clients and proxies send more than one Cookie field.
std::optional<std::string_view> Event::getCookie(std::string_view name) const {
  for (const HeaderField field : state_->head.headers) {
    if (!equalsIgnoringCase(field.name, "cookie")) continue;
    if (const auto value = findCookie(field.value, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Event::getTrailer(std::string_view name) const {
  return protocol::findTrailer({state_->body.data() + state_->body.size(), state_->head.trailerBytes}, name);
}

HeaderValues Event::headers(std::string_view name) const { return {*this, name}; }

std::string_view HeaderValues::Iterator::operator*() const { return event_->headerAt(index_).second; }

void HeaderValues::Iterator::findNext() {
  const std::size_t count = event_->headerCount();
  while (index_ < count && !equalsIgnoringCase(event_->headerAt(index_).first, name_)) ++index_;
}

HeaderValues::Iterator HeaderValues::end() const { return {event_, name_, event_.headerCount()}; }

std::size_t Event::headerCount() const { return state_->head.headers.count(); }

std::pair<std::string_view, std::string_view> Event::headerAt(std::size_t index) const {
  const HeaderField field = state_->head.headers[index];
  return {field.name, field.value};
}

std::optional<std::string_view> Event::getParam(std::string_view name) {
  if (const auto set = state_->params.find(name)) return set;
  const auto raw = state_->routeParams.find(name);
  if (!raw) return std::nullopt;
  return percentDecode(*raw, state_->arena);
}

std::optional<std::string_view> Event::getQuery(std::string_view name) {
  return QueryParams(state_->target.query).find(name, state_->arena);
}

void Event::setContext(std::string_view key, std::string_view value) {
  const AllocScope scope(setContextScope);
  state_->context.set(state_->arena, key, value,
                      static_cast<std::uint32_t>(state_->services.config.memory.contextKeys));
  state_->services.counters.add(Metric::contextBytes, key.size() + value.size());
}

std::optional<std::string_view> Event::getContext(std::string_view key) const {
  return state_->context.find(key);
}

void Event::setParam(std::string_view name, std::string_view value) {
  const AllocScope scope(setParamScope);
  state_->params.set(state_->arena, name, value,
                     static_cast<std::uint32_t>(state_->services.config.memory.contextKeys));
  state_->services.counters.add(Metric::paramBytes, name.size() + value.size());
}

Event& Event::setStatus(int status) {
  if (status < 200 || status > 599) throw std::invalid_argument("response status outside 200 to 599");
  state_->status = status;
  if (state_->given == Given::nothing) state_->given = Given::status;
  return *this;
}

int Event::status() const { return state_->status; }

void Event::setHeader(std::string_view name, std::string_view value) {
  const FieldRole role = protocol::fieldRole(name);
  if (role == FieldRole::plain) return state_->fields.set(state_->arena, name, value);
  if (const auto checked = takeSpecialField(*state_, role, name, value))
    state_->fields.set(state_->arena, name, *checked);
}

void Event::appendHeader(std::string_view name, std::string_view value) {
  const FieldRole role = protocol::fieldRole(name);
  if (role == FieldRole::plain) return state_->fields.append(state_->arena, name, value);
  if (const auto checked = takeSpecialField(*state_, role, name, value))
    state_->fields.append(state_->arena, name, *checked);
}

std::optional<std::string_view> Event::responseHeader(std::string_view name) const {
  std::string_view own;
  switch (protocol::fieldRole(name)) {
    case FieldRole::contentType:
      own = state_->contentType;
      break;
    case FieldRole::connection:
      if (state_->closeAfter) own = "close";
      break;
    default:
      return state_->fields.find(name);
  }
  if (own.empty()) return std::nullopt;
  return own;
}

void Event::closeConnection() { state_->closeAfter = true; }

void Event::sendText(std::string_view text) { setResponse(*state_, kept(*state_, text), kTextType); }
void Event::sendHtml(std::string_view html) { setResponse(*state_, kept(*state_, html), kHtmlType); }
void Event::sendJsonText(std::string_view json) { setResponse(*state_, kept(*state_, json), kJsonType); }

void Event::sendBytes(std::string_view bytes, std::string_view contentType) {
  const std::string_view body = kept(*state_, bytes);
  sendView(body, state_->arena.copy(contentType));
}

void Event::sendView(std::string_view bytes, std::string_view contentType) {
  if (!isShortWithoutControlByte(contentType)) return sendChecked(*state_, bytes, contentType);
  setResponse(*state_, bytes, contentType);
}

[[gnu::flatten]] void Event::sendJson(std::initializer_list<JsonField> object) {
  const AllocScope scope(responseScope);
  JsonWriter json(state_->arena);
  json.beginObject();
  for (const JsonField& field : object) writeField(json, field);
  json.endObject();
  setResponse(*state_, json.text(), kJsonType);
}

void Event::redirect(std::string_view location, int status) {
  if (status < 300 || status > 399) throw std::invalid_argument("redirect status outside 300 to 399");
  setHeader("Location", location);
  sendNothing(status);
}

void Event::sendNothing(int status) {
  setStatus(status);
  setResponse(*state_, {}, {});
}

bool Event::responded() const { return state_->given == Given::response; }
std::string_view Event::responseBody() const { return state_->responseBody; }
std::uint64_t Event::responseBytes() const { return state_->responseBytes(); }

Arena& Event::arena() { return state_->arena; }
StringPool& Event::stringPool() { return state_->services.strings; }
MemoryManager& Event::memory() { return state_->services.memory; }
EventPool& Event::eventPool() { return state_->services.events; }

boost::asio::io_context& Event::ioContext() {
  assert(state_->services.ioContext != nullptr && "the event of a worker");
  return *state_->services.ioContext;
}

Deferred Event::defer() {
  if (state_->deferred) return state_->handle;
  state_->handle = state_->services.deferred.add(*this, state_->routePattern);
  state_->deferred = true;
  return state_->handle;
}

bool Event::deferred() const { return state_->deferred; }

void Event::complete() { state_->services.deferred.complete(state_->handle); }
void Event::fail(std::exception_ptr error) {
  state_->services.deferred.fail(state_->handle, std::move(error));
}

boost::asio::cancellation_slot Event::cancellationSlot() {
  LayerWait* const wait = state_->innermostWait();
  return wait != nullptr ? wait->cancellation.slot() : state_->cancellation.slot();
}

std::uint64_t Event::startedNs() const { return state_->startedNs; }
bool Event::disconnected() const { return state_->disconnected; }

}  // namespace h3
