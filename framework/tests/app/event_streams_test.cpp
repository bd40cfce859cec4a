#include "app/event_streams.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "h3http/error.hpp"

using h3::EventStreams;
using h3::Resumption;
using Awaited = h3::EventStreams::Awaited;

TEST_CASE("a piece is given once, the end again and again") {
  EventStreams streams;
  CHECK_FALSE(streams.hasPiece());
  streams.feed("abc");
  CHECK(streams.hasPiece());
  CHECK(streams.takePiece() == "abc");
  CHECK_FALSE(streams.hasPiece());
  streams.endBody();
  CHECK(streams.hasPiece());
  CHECK(streams.takePiece().empty());
  CHECK(streams.hasPiece());
}

TEST_CASE("a refused body throws its status, whatever had arrived") {
  EventStreams streams;
  streams.feed("abc");
  streams.failBody(413);
  CHECK(streams.hasPiece());
  for (int i = 0; i < 2; ++i) {
    try {
      (void)streams.takePiece();
      FAIL("expected an HttpError");
    } catch (const h3::HttpError& error) {
      CHECK(error.status() == 413);
    }
  }
}

TEST_CASE("what is awaited resumes once, and may await again within that call") {
  EventStreams streams;
  int calls = 0;
  streams.waitFor(Awaited::body, Resumption([&] {
                    ++calls;
                    streams.waitFor(Awaited::sent, Resumption([&] { ++calls; }));
                  }));
  CHECK(streams.awaited() == Awaited::body);
  CHECK_THROWS_AS(streams.waitFor(Awaited::sent, Resumption([] {})), std::logic_error);
  streams.resume();
  CHECK(calls == 1);
  CHECK(streams.awaited() == Awaited::sent);
  streams.resume();
  CHECK(calls == 2);
  CHECK(streams.awaited() == Awaited::nothing);
}

TEST_CASE("a resumption is moved, called once, and destroys what it holds") {
  const auto held = std::make_shared<int>(0);
  {
    Resumption first([held] { ++*held; });
    CHECK(held.use_count() == 2);
    Resumption second(std::move(first));
    CHECK(held.use_count() == 2);
    CHECK(static_cast<bool>(second));
    second();
    CHECK_FALSE(static_cast<bool>(second));
    CHECK(held.use_count() == 1);
    CHECK(*held == 1);
    second = Resumption([held] { ++*held; });
    CHECK(held.use_count() == 2);
  }
  CHECK(held.use_count() == 1);
  CHECK(*held == 1);
}
