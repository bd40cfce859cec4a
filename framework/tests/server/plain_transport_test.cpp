#include "server/plain_transport.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>

#include "fake_reactor.hpp"

using h3::server::PlainTransport;
using h3::server::Receive;
using h3::server::Send;
using h3::server::Transferred;
using h3::test::FakeReactor;

namespace {

struct Transport {
  FakeReactor reactor;
  PlainTransport transport{reactor};
  std::array<char, 8> room{};

  Transport() { transport.open(FakeReactor::kSocket); }
  Transferred receive() {
    Receive receive;
    transport.beginReceive(receive, room);
    transport.receive(receive);
    return transport.endReceive(receive.result, room);
  }
};

}  // namespace

TEST_CASE("the bytes are the socket's") {
  Transport plain;
  Receive receive;
  plain.transport.beginReceive(receive, plain.room);
  CHECK(receive.socket == FakeReactor::kSocket);
  CHECK(static_cast<void*>(receive.into) == plain.room.data());
  CHECK(receive.room == plain.room.size());
  const std::string_view bytes = "bytes";
  Send send;
  plain.transport.beginSend(send, bytes);
  CHECK(send.socket == FakeReactor::kSocket);
  CHECK(static_cast<const void*>(send.from) == bytes.data());
  CHECK(send.size == bytes.size());
}

TEST_CASE("input: an edge, and what a receive shows about the next") {
  Transport plain;
  CHECK_FALSE(plain.transport.mayReceive());
  CHECK_FALSE(plain.transport.onEvents(EPOLLIN));
  CHECK(plain.transport.mayReceive());
  plain.reactor.arrive("12345678rest");
  CHECK(plain.receive().bytes == 8);
  CHECK(plain.transport.mayReceive());  // the room was full
  CHECK(plain.receive().bytes == 4);
  CHECK_FALSE(plain.transport.mayReceive());
  plain.transport.expectInput();
  CHECK(plain.transport.mayReceive());
  const Transferred none = plain.receive();
  CHECK(none.bytes == 0);
  CHECK_FALSE(none.failed);
  CHECK_FALSE(plain.transport.mayReceive());
  CHECK_FALSE(plain.transport.inputEnded());
}

TEST_CASE("input: an interrupted receive is repeated, any other error is a failure") {
  Transport plain;
  plain.transport.onEvents(EPOLLIN);
  plain.reactor.arriveError(EINTR);
  CHECK_FALSE(plain.receive().failed);
  CHECK(plain.transport.mayReceive());
  plain.reactor.arriveError(ECONNRESET);
  CHECK(plain.receive().failed);
}

TEST_CASE("input: after the client's FIN a short receive is not the last") {
  Transport plain;
  CHECK_FALSE(plain.transport.onEvents(EPOLLIN | EPOLLRDHUP));
  CHECK(plain.transport.expectsEnd());
  plain.reactor.arrive("last");
  plain.reactor.arriveEnd();
  CHECK(plain.receive().bytes == 4);
  CHECK(plain.transport.mayReceive());
  CHECK_FALSE(plain.transport.inputEnded());
  const Transferred end = plain.receive();
  CHECK(end.bytes == 0);
  CHECK_FALSE(end.failed);
  CHECK(plain.transport.inputEnded());
  CHECK_FALSE(plain.transport.mayReceive());
}

TEST_CASE("a client is gone with HUP or ERR, not with the end of its side") {
  for (const std::uint32_t gone : {EPOLLHUP, EPOLLERR}) {
    Transport plain;
    plain.transport.holdSends();
    CHECK_FALSE(plain.transport.onEvents(EPOLLRDHUP));
    CHECK_FALSE(plain.transport.maySend());
    CHECK(plain.transport.onEvents(gone));
    CHECK(plain.transport.maySend());
    CHECK(plain.transport.mayReceive());
  }
}

TEST_CASE("after the end of the output HUP only means that both sides have ended") {
  Transport plain;
  plain.transport.endOutput();
  CHECK_FALSE(plain.transport.onEvents(EPOLLHUP | EPOLLRDHUP));
  CHECK(plain.transport.mayReceive());
}

TEST_CASE("output: held after EAGAIN until an edge") {
  Transport plain;
  CHECK(plain.transport.maySend());
  CHECK(plain.transport.endSend(5).bytes == 5);
  CHECK(plain.transport.maySend());
  CHECK_FALSE(plain.transport.endSend(-EAGAIN).failed);
  CHECK_FALSE(plain.transport.maySend());
  plain.transport.onEvents(EPOLLIN);
  CHECK_FALSE(plain.transport.maySend());
  plain.transport.onEvents(EPOLLOUT);
  CHECK(plain.transport.maySend());
  plain.transport.holdSends();
  CHECK_FALSE(plain.transport.maySend());
}

TEST_CASE("output: an interrupted send is repeated, any other error is a failure") {
  Transport plain;
  const Transferred interrupted = plain.transport.endSend(-EINTR);
  CHECK(interrupted.bytes == 0);
  CHECK_FALSE(interrupted.failed);
  CHECK(plain.transport.maySend());
  CHECK(plain.transport.endSend(-EPIPE).failed);
}

TEST_CASE("output ends once; the socket closes; the next one starts from the beginning") {
  Transport plain;
  plain.transport.onEvents(EPOLLIN | EPOLLRDHUP);
  plain.reactor.arriveEnd();
  (void)plain.receive();
  plain.transport.holdSends();
  plain.transport.endOutput();
  CHECK(plain.transport.outputEnded());
  CHECK(plain.reactor.isShutDown());
  plain.transport.expectInput();
  plain.transport.close();
  CHECK(plain.reactor.isClosed());
  CHECK_FALSE(plain.transport.isOpen());
  CHECK_FALSE(plain.transport.mayReceive());
  plain.transport.open(FakeReactor::kSocket);
  CHECK(plain.transport.isOpen());
  CHECK(plain.transport.maySend());
  CHECK_FALSE(plain.transport.outputEnded());
  CHECK_FALSE(plain.transport.inputEnded());
  CHECK_FALSE(plain.transport.expectsEnd());
}
