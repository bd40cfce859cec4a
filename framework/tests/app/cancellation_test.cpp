#include "app/cancellation.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>

using boost::asio::cancellation_type;
using boost::asio::cancellation_type_t;
using h3::Cancellation;

namespace {

struct Recorder {
  int* cancelled;
  std::array<char, 100> state{};  // larger than what an empty slot holds

  explicit Recorder(int& count) : cancelled(&count) {}
  void operator()(cancellation_type_t type) const {
    *cancelled += type == cancellation_type::terminal ? 1 : 100;
  }
};

}  // namespace

TEST_CASE("what is in the slot is cancelled, until the slot is emptied") {
  Cancellation cancellation;
  int cancelled = 0;
  cancellation.cancel();
  cancellation.slot().emplace<Recorder>(cancelled);
  cancellation.cancel();
  CHECK(cancelled == 1);
  cancellation.reset();
  cancellation.cancel();
  (void)cancellation.slot();  // the next request's
  cancellation.cancel();
  CHECK(cancelled == 1);
}

// Freed memory would be given out again in the other order.
TEST_CASE("a slot keeps its memory from request to request") {
  int cancelled = 0;
  Cancellation first;
  Cancellation second;
  const auto* const memory = &first.slot().emplace<Recorder>(cancelled);
  const auto* const other = &second.slot().emplace<Recorder>(cancelled);
  first.reset();
  second.reset();
  CHECK((&first.slot().emplace<Recorder>(cancelled) == memory));
  CHECK((&second.slot().emplace<Recorder>(cancelled) == other));
}
