// What handlers call to read and write bodies piece by piece: coroutines of Event, and stream.hpp.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <functional>
#include <stdexcept>
#include <utility>

#include "app/event_state.hpp"
#include "h3http/error.hpp"
#include "h3http/stream.hpp"

namespace h3 {
namespace {

using Awaited = EventStreams::Awaited;

[[noreturn]] void throwAborted() {
  throw boost::system::system_error(boost::asio::error::operation_aborted, "the client takes no more");
}

void requireClient(const EventState& state) {
  if (state.disconnected) throwAborted();
}

// Errors: std::logic_error when the handler has not deferred its response.
EventStreams& streamsOf(Event& event) {
  if (!event.deferred())
    throw std::logic_error(
        "a body is read or written piece by piece only in an awaitable or deferred handler");
  return EventState::of(event).useStreams();
}

// Tells the host, then waits until it resumes the handler.
boost::asio::awaitable<void> waitFor(Event& event, Awaited awaited) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
      [&event, awaited](auto&& handler) {
        streamsOf(event).waitFor(awaited, Resumption(std::forward<decltype(handler)>(handler)));
        if (awaited == Awaited::body) EventState::of(event).host->onBodyWanted(event);
      },
      boost::asio::use_awaitable);
}

// Returns whether the bytes are copied; if not, they are lent until the handler is resumed.
bool writeNow(Event& event, std::string_view bytes) {
  EventState& state = EventState::of(event);
  const EventStreams::Response& response = streamsOf(event).response;
  requireClient(state);
  if (!response.started) throw std::logic_error("write() without startStream()");
  const bool copied = state.host->onWritten(event, bytes);
  if (!response.hasBody) throwAborted();
  return copied;
}

// Sends a producer's pieces; copied into what resumes it.
struct Production {
  Event* event;
  Deferred handle;
  std::function<std::string_view()> next;

  void operator()() {
    try {
      for (std::string_view piece; !(piece = nextPiece()).empty();) {
        if (writeNow(*event, piece)) continue;
        return streamsOf(*event).waitFor(Awaited::sent, Resumption(std::move(*this)));
      }
    } catch (...) {
      handle.fail(std::current_exception());
      return;
    }
    handle.complete();
  }

 private:
  std::string_view nextPiece() const {
    requireClient(EventState::of(*event));
    return next();
  }
};

// Gives the pieces of a body to a sink.
struct Reception {
  Event* event;
  Deferred handle;
  std::function<void(std::string_view)> sink;

  void operator()() {
    try {
      for (;;) {
        requireClient(EventState::of(*event));
        EventStreams& streams = streamsOf(*event);
        if (!streams.hasPiece()) return await(streams);
        const std::string_view piece = streams.takePiece();
        sink(piece);
        if (piece.empty()) break;
      }
    } catch (...) {
      handle.fail(std::current_exception());
      return;
    }
    handle.complete();
  }

 private:
  void await(EventStreams& streams) {
    Event& waiting = *event;
    streams.waitFor(Awaited::body, Resumption(std::move(*this)));
    EventState::of(waiting).host->onBodyWanted(waiting);
  }
};

}  // namespace

boost::asio::awaitable<std::string_view> Event::readSome() {
  EventStreams& streams = streamsOf(*this);
  requireClient(*state_);
  if (!streams.hasPiece()) co_await waitFor(*this, Awaited::body);
  requireClient(*state_);
  co_return streams.takePiece();
}

void Event::startStream(std::string_view contentType, std::optional<std::uint64_t> lengthBytes) {
  EventStreams& streams = streamsOf(*this);
  if (state_->given == Given::response)
    throw std::logic_error("startStream() after a response has been given or started");
  sendView({}, state_->arena.copy(contentType));
  streams.response.remainingBytes = lengthBytes;
  streams.response.started = true;
}

boost::asio::awaitable<void> Event::write(std::string_view bytes) {
  if (!writeNow(*this, bytes)) co_await waitFor(*this, Awaited::sent);
  requireClient(*state_);
}

void sendPieces(Event& event, std::string_view contentType, std::function<std::string_view()> next) {
  const Deferred handle = event.defer();
  event.startStream(contentType);
  Production{&event, handle, std::move(next)}();
}

void receiveBody(Event& event, std::function<void(std::string_view)> sink) {
  Reception{&event, event.defer(), std::move(sink)}();
}

}  // namespace h3
