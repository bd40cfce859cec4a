// The seam between a connection and its socket: bytes of a descriptor <-> bytes of a session.
#pragma once

#include <sys/types.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/reactor.hpp"

namespace h3::server {

/// Result of a receive or a send: a number of the session's bytes (0: none for now), or the socket failed and
/// must be closed.
struct Transferred {
  std::size_t bytes = 0;
  bool failed = false;
};

/// The state of one socket, and what its bytes mean.
///
/// PlainTransport, the identity, is the only one. Receives and sends are split in two, because a batch does
/// those of many sockets together: begin...() fills in the request to the reactor, end...() takes its result.
template <class T>
concept Transport = requires(T& transport, const T& unchanged, int socket, std::uint32_t events,
                             Receive& receive, std::span<char> room, Send& send, std::string_view bytes,
                             ssize_t result) {
  transport.open(socket);
  transport.close();
  { unchanged.isOpen() } -> std::same_as<bool>;
  { transport.onEvents(events) } -> std::same_as<bool>;  // whether the client is gone
  transport.holdSends();

  { unchanged.mayReceive() } -> std::same_as<bool>;
  transport.expectInput();
  transport.beginReceive(receive, room);
  transport.receive(receive);
  { transport.endReceive(result, room) } -> std::same_as<Transferred>;
  { unchanged.isQuiet() } -> std::same_as<bool>;
  { unchanged.inputEnded() } -> std::same_as<bool>;
  { unchanged.expectsEnd() } -> std::same_as<bool>;

  { unchanged.maySend() } -> std::same_as<bool>;
  transport.beginSend(send, bytes);
  transport.send(send);
  { transport.endSend(result) } -> std::same_as<Transferred>;
  { transport.allSent() } -> std::same_as<bool>;
  { unchanged.outputEnded() } -> std::same_as<bool>;
  transport.endOutput();
  { transport.unacknowledgedBytes() } -> std::same_as<int>;
  transport.dropUnsent();
};

}  // namespace h3::server
