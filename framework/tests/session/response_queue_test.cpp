#include "session/response_queue.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <utility>

using h3::BodySource;
using h3::BufferPool;
using h3::BufferShelf;
using h3::session::ResponseQueue;

namespace {

/// Gives these pieces.
class Pieces final : public BodySource {
 public:
  explicit Pieces(std::deque<Piece> pieces) : pieces_(std::move(pieces)) {}
  Piece next() override {
    const Piece piece = pieces_.front();
    pieces_.pop_front();
    return piece;
  }
  std::uint64_t remainingBytes() const noexcept override { return pieces_.size(); }
  std::size_t heldBytes() const noexcept override { return 0; }
  std::size_t left() const { return pieces_.size(); }

 private:
  std::deque<Piece> pieces_;
};

struct Queue {
  BufferPool pool;
  BufferShelf shelf{pool};
  ResponseQueue responses{shelf};
};

}  // namespace

TEST_CASE("copied bytes go first, then the borrowed") {
  Queue queue;
  CHECK(queue.responses.empty());
  queue.responses.copied().append("head");
  const std::string body = "body";
  queue.responses.borrow(body);
  CHECK(queue.responses.copiedBytes() == "head");
  CHECK(queue.responses.consumeCopied(4) == 4);
  CHECK(queue.responses.copiedBytes().empty());
  CHECK_FALSE(queue.responses.empty());
  CHECK(queue.responses.borrowedBytes().data() == body.data());
  CHECK(queue.responses.consumeBorrowed(3) == 3);
  CHECK(queue.responses.borrowedBytes() == "y");
  CHECK(queue.responses.consumeBorrowed(1) == 1);
  CHECK(queue.responses.empty());
}

TEST_CASE("a part that was sent is not sent again") {
  Queue queue;
  queue.responses.copied().append("abcdef");
  CHECK(queue.responses.consumeCopied(2) == 2);
  queue.responses.copied().append("gh");
  CHECK(queue.responses.copiedBytes() == "cdefgh");
}

TEST_CASE("bytes that are handed back come before all others, and are counted once") {
  Queue queue;
  queue.responses.copied().append("abcdef");
  CHECK(queue.responses.consumeCopied(6) == 6);
  CHECK(queue.responses.empty());
  queue.responses.handBack("def");
  queue.responses.copied().append("gh");
  CHECK(queue.responses.copiedBytes() == "defgh");
  CHECK(queue.responses.consumeCopied(2) == 0);
  CHECK(queue.responses.consumeCopied(2) == 1);
  CHECK(queue.responses.consumeCopied(1) == 1);
  CHECK(queue.responses.empty());
}

TEST_CASE("bytes handed back twice are still counted once") {
  Queue queue;
  queue.responses.copied().append("abcd");
  CHECK(queue.responses.consumeCopied(4) == 4);
  queue.responses.handBack("abcd");
  CHECK(queue.responses.consumeCopied(3) == 0);
  queue.responses.handBack("bc");
  CHECK(queue.responses.copiedBytes() == "bcd");
  CHECK(queue.responses.consumeCopied(3) == 0);
}

TEST_CASE("a large queue is one with borrowed bytes or an outgrown buffer") {
  Queue queue;
  CHECK_FALSE(queue.responses.isLarge());
  queue.responses.copied().append(std::string(BufferShelf::kBytes, 'x'));
  CHECK_FALSE(queue.responses.isLarge());
  queue.responses.copied().append("x");
  CHECK(queue.responses.isLarge());
  queue.responses.clear();
  CHECK_FALSE(queue.responses.isLarge());
  queue.responses.borrow("x");
  CHECK(queue.responses.isLarge());
}

TEST_CASE("a body's next piece is fetched when the last one is consumed, and no sooner") {
  Queue queue;
  Pieces pieces({{BodySource::Outcome::more, "second"}, {BodySource::Outcome::last, "third"}});
  queue.responses.borrow("first", &pieces);
  CHECK(queue.responses.fetchBody());
  CHECK(queue.responses.borrowedBytes() == "first");
  CHECK(pieces.left() == 2);
  for (const std::string_view expected : {"first", "second", "third"}) {
    CHECK(queue.responses.hasBody());
    REQUIRE(queue.responses.fetchBody());
    CHECK(queue.responses.borrowedBytes() == expected);
    (void)queue.responses.consumeBorrowed(1);
    REQUIRE(queue.responses.fetchBody());
    CHECK(queue.responses.borrowedBytes() == expected.substr(1));
    (void)queue.responses.consumeBorrowed(expected.size() - 1);
  }
  CHECK_FALSE(queue.responses.hasBody());
  CHECK(queue.responses.empty());
  CHECK(queue.responses.fetchBody());
}

TEST_CASE("a last piece without bytes ends the body") {
  Queue queue;
  Pieces pieces({{BodySource::Outcome::last, ""}});
  queue.responses.borrow("", &pieces);
  CHECK(queue.responses.fetchBody());
  CHECK_FALSE(queue.responses.hasBody());
}

TEST_CASE("a body that cannot be completed") {
  Queue queue;
  Pieces pieces({{BodySource::Outcome::failed, ""}});
  queue.responses.borrow("", &pieces);
  CHECK(queue.responses.hasBody());
  CHECK(queue.responses.isLarge());
  CHECK_FALSE(queue.responses.fetchBody());
  queue.responses.clear();
  CHECK(queue.responses.empty());
}

TEST_CASE("a cleared queue holds no buffer and has forgotten what was handed back") {
  Queue queue;
  queue.responses.copied().append("abcd");
  CHECK(queue.responses.consumeCopied(4) == 4);
  queue.responses.handBack("abcd");
  Pieces pieces({{BodySource::Outcome::last, "y"}});
  queue.responses.borrow("x", &pieces);
  queue.responses.clear();
  CHECK(queue.responses.empty());
  CHECK(queue.responses.borrowedBytes().empty());
  CHECK(queue.responses.fetchBody());
  CHECK(pieces.left() == 1);
  queue.shelf.clear();
  CHECK(queue.pool.stats().inUse == 0);
  queue.responses.copied().append("next");
  CHECK(queue.responses.consumeCopied(4) == 4);
}
