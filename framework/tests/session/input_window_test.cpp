#include "session/input_window.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>

using h3::BufferPool;
using h3::BufferShelf;
using h3::session::InputWindow;

namespace {

constexpr std::size_t kShelfBytes = BufferShelf::kBytes;
constexpr std::size_t kRoomyBytes = kShelfBytes - kShelfBytes / 4;

struct Window {
  BufferPool pool;
  BufferShelf shelf{pool};
  InputWindow input{shelf};

  void receive(std::string_view bytes) {
    std::memcpy(input.room().data(), bytes.data(), bytes.size());
    input.add(bytes.size());
  }
  std::string_view unread() const { return {input.data(), input.size()}; }
  std::size_t capacity() const { return input.size() + input.room().size(); }  // while nothing is consumed
};

}  // namespace

TEST_CASE("an input window owns a buffer only while it is in use") {
  Window window;
  CHECK(window.pool.stats().inUse == 0);
  CHECK(window.input.empty());
  CHECK(window.input.hasRoom());
  CHECK(window.pool.stats().inUse == 1);
  CHECK(window.input.room().size() == kShelfBytes);
  window.receive("abc");
  window.input.release();
  CHECK(window.input.empty());
  window.shelf.clear();
  CHECK(window.pool.stats().inUse == 0);
}

TEST_CASE("a destroyed input window returns its buffer") {
  BufferPool pool;
  BufferShelf shelf(pool);
  {
    InputWindow input(shelf);
    CHECK(input.hasRoom());
  }
  shelf.clear();
  CHECK(pool.stats().inUse == 0);
}

TEST_CASE("bytes are read in order, consumed from the front, and the buffer is used again") {
  Window window;
  REQUIRE(window.input.hasRoom());
  window.receive("first,");
  window.receive("second");
  CHECK(window.unread() == "first,second");
  window.input.consume(6);
  CHECK(window.unread() == "second");
  window.input.rewindIfEmpty();
  CHECK(window.unread() == "second");
  CHECK(window.input.room().size() == kShelfBytes - 12);
  window.input.consume(6);
  CHECK(window.input.empty());
  window.input.rewindIfEmpty();
  CHECK(window.input.room().size() == kShelfBytes);
  window.receive("third");
  window.input.clear();
  CHECK(window.input.empty());
  CHECK(window.input.room().size() == kShelfBytes);
}

TEST_CASE("three quarters of the buffer may be filled before it has to move or grow") {
  Window window;
  REQUIRE(window.input.hasRoom());
  window.input.add(kRoomyBytes - 1);
  CHECK(window.input.hasRoom());
  window.input.add(1);
  CHECK_FALSE(window.input.hasRoom());
  CHECK_FALSE(window.input.full());
  window.input.add(kShelfBytes / 4);
  CHECK(window.input.full());
}

TEST_CASE("moving to the front makes room without a larger buffer") {
  Window window;
  REQUIRE(window.input.hasRoom());
  window.receive(std::string(kRoomyBytes, 'x') + "kept");
  window.input.consume(kRoomyBytes);
  window.input.moveToFront();
  CHECK(window.unread() == "kept");
  window.input.grow(0);
  CHECK(window.capacity() == kShelfBytes);
  CHECK(window.input.hasRoom());
}

TEST_CASE("shrinking keeps the first bytes of what is unread") {
  Window window;
  REQUIRE(window.input.hasRoom());
  window.receive("donekept gap");
  window.input.consume(4);
  window.input.shrinkTo(4);
  CHECK(window.unread() == "kept");
}

TEST_CASE("growth doubles the buffer and keeps its bytes") {
  Window window;
  REQUIRE(window.input.hasRoom());
  const std::string sent = std::string(kRoomyBytes - 1, 'x') + "y";
  window.receive(sent);
  window.input.grow(0);
  CHECK(window.capacity() == 2 * kShelfBytes);
  CHECK(window.unread() == sent);
  window.shelf.clear();
  CHECK(window.pool.stats().inUse == 1);  // the smaller one is back
}

TEST_CASE("a message that fits into what is left needs no larger buffer") {
  Window window;
  REQUIRE(window.input.hasRoom());
  const char* const before = window.input.data();
  window.input.add(kRoomyBytes);
  window.input.grow(kShelfBytes);
  CHECK(window.capacity() == kShelfBytes);
  CHECK(static_cast<const void*>(window.input.data()) == before);
  window.input.grow(kRoomyBytes);  // it is whole, so what follows is another one
  CHECK(window.capacity() == 2 * kShelfBytes);
}

TEST_CASE("an announced length is trusted only after 256 KiB") {
  constexpr std::size_t kAnnounced = 4 * 1024 * 1024;
  Window window;
  REQUIRE(window.input.hasRoom());
  for (std::size_t capacity = kShelfBytes; capacity < InputWindow::kTrustLengthAfterBytes; capacity *= 2) {
    window.input.add(capacity - window.input.size());
    window.input.grow(kAnnounced);
    CHECK(window.capacity() == 2 * capacity);
  }
  window.input.add(window.input.room().size());
  window.input.grow(kAnnounced);
  CHECK(window.capacity() == kAnnounced);
}

TEST_CASE("a window that cannot grow keeps what it has") {
  Window window;
  REQUIRE(window.input.hasRoom());
  window.receive("kept");
  while (window.capacity() < BufferPool::kLargestBytes) {
    window.input.add(window.input.room().size());
    window.input.grow(0);
  }
  window.input.add(window.input.room().size());
  CHECK_THROWS_AS(window.input.grow(0), std::bad_alloc);
  CHECK(window.unread().starts_with("kept"));
  CHECK(window.capacity() == BufferPool::kLargestBytes);
}
