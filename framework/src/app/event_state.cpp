#include "app/event_state.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "http/ascii_case.hpp"

namespace h3 {

void ResponseFields::set(Arena& arena, std::string_view name, std::string_view value) {
  const auto sameName = [name](const protocol::ResponseField& field) {
    return equalsIgnoringCase(field.name, name);
  };
  auto* const end = fields_ + size_;
  auto* const found = std::find_if(fields_, end, sameName);
  if (found == end) return append(arena, name, value);
  protocol::checkResponseField(name, value);
  found->value = arena.copy(value);
  size_ = static_cast<std::uint32_t>(std::remove_if(found + 1, end, sameName) - fields_);
}

void ResponseFields::append(Arena& arena, std::string_view name, std::string_view value) {
  protocol::checkResponseField(name, value);
  if (size_ == kMaxFields) throw std::length_error("a response has too many fields");
  if (size_ == capacity_) {
    const std::uint32_t capacity = capacity_ == 0 ? 8 : capacity_ * 2;
    void* const memory =
        arena.allocate(sizeof(protocol::ResponseField) * capacity, alignof(protocol::ResponseField));
    auto* const grown = static_cast<protocol::ResponseField*>(memory);
    std::copy_n(fields_, size_, grown);
    fields_ = grown;
    capacity_ = capacity;
  }
  fields_[size_] = {arena.copy(name), arena.copy(value)};
  ++size_;
}

std::optional<std::string_view> ResponseFields::find(std::string_view name) const {
  for (const protocol::ResponseField& field : all())
    if (equalsIgnoringCase(field.name, name)) return field.value;
  return std::nullopt;
}

void ResponseFields::remove(std::string_view name) {
  auto* const kept = std::remove_if(fields_, fields_ + size_, [name](const protocol::ResponseField& field) {
    return equalsIgnoringCase(field.name, name);
  });
  size_ = static_cast<std::uint32_t>(kept - fields_);
}

std::span<char> EventState::borrowBody(std::size_t bytes) {
  releaseBody();
  bodyBuffer_ = services.memory.buffers().acquire(bytes);
  holdsBuffers_ = true;
  return {bodyBuffer_.data, bytes};
}

void EventState::replaceBody(Buffer buffer, std::size_t bytes) {
  releaseBody();  // the new body may have been made from the old one, but holds none of it
  bodyRest.reset();
  bodyBuffer_ = buffer;
  holdsBuffers_ = true;
  responseBody = {buffer.data, bytes};
}

void EventState::replaceRequestBody(Buffer buffer, std::size_t bytes) {
  services.memory.buffers().release(std::exchange(requestBuffer_, buffer));
  holdsBuffers_ = true;
  body = {buffer.data, bytes};
}

[[gnu::noinline]] void EventState::releaseBody() noexcept {
  services.memory.buffers().release(bodyBuffer_);
  bodyBuffer_ = Buffer{};
}

// Its server ends while layers of the onion wait for the handler: their coroutines end here.
[[gnu::cold, gnu::noinline]] void EventState::forgetHandler() noexcept {
  while (LayerWait* const wait = innermostWait()) {
    extras->wait = wait->outer;
    services.deferred.abandon(wait->handle);
  }
  cancellation.reset();
}

[[gnu::noinline]] void EventState::releaseBuffers() noexcept {
  releaseBody();
  services.memory.buffers().release(std::exchange(requestBuffer_, Buffer{}));
  holdsBuffers_ = false;
}

void EventState::reset() {
  if (cancellation.isUsed()) [[unlikely]]
    forgetHandler();
  if (holdsBuffers_) releaseBuffers();
  if (bodyRest != nullptr) [[unlikely]]
    bodyRest.reset();
  if (streams != nullptr) [[unlikely]]
    streams.reset();
  arena.reset();
  routePattern = {};
  routeParams.clear();
  context.clear();
  params.clear();
  timing = {};
  extras = nullptr;
  status = 200;
  given = Given::nothing;
  deferred = closeAfter = disconnected = lengthUnknown = false;
  contentType = responseBody = {};
  fields.clear();
  if (error) error = nullptr;
}

// First the signal, so that whatever a resumed coroutine awaits next ends too. It may end the event, and with it the
// streams.
void EventState::disconnect() {
  disconnected = true;
  for (LayerWait* wait = innermostWait(); wait != nullptr;) {
    LayerWait* const outer = wait->outer;
    wait->cancellation.cancel();
    wait = outer;
  }
  cancellation.cancel();
  if (streams != nullptr && streams->awaited() != EventStreams::Awaited::nothing) streams->resume();
}

[[gnu::cold, gnu::noinline]] EventStreams& EventState::useStreams() {
  if (streams == nullptr) {
    streams.reset(::new (arena.allocate(sizeof(EventStreams), alignof(EventStreams))) EventStreams);
    streams->feed(body);
    streams->endBody();
  }
  return *streams;
}

bool EventState::wasCancelled() const {
  if (!disconnected || !error) return false;
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& failure) {
    return failure.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace h3
