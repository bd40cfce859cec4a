#include "server/batch.hpp"

#include <array>
#include <cstddef>
#include <exception>

#include "app/log.hpp"
#include "memory/buffer_shelf.hpp"
#include "server/batch_size.hpp"
#include "server/connection.hpp"

namespace h3::server {
namespace {

static_assert(BufferShelf::kMost >= BatchSize::kMost, "or a full batch goes to the pool for its buffers");

// If it cannot even be closed now, its deadlines will.
[[gnu::cold, gnu::noinline]] void fail(Connection& connection, const char* why) noexcept {
  logError("a connection could not be served", why);
  try {
    connection.abort();
  } catch (const std::exception& failure) {
    logError("nor closed", failure.what());
  }
}

// Calls `step` with each, whatever becomes of the others.
template <class Step>
void forEach(std::span<Connection* const> connections, Step step) noexcept {
  for (auto next = connections.begin(); next != connections.end();) {
    try {
      while (next != connections.end()) {
        step(**next);
        ++next;
      }
    } catch (const std::exception& failure) {
      fail(**next++, failure.what());
    } catch (...) {
      fail(**next++, "something that is not a std::exception");
    }
  }
}

}  // namespace

// Flattened, as half of what a request costs beside its parsing was saving registers between small functions.
// What happens seldom is kept out of it (noinline): there are only so many registers.
[[gnu::flatten]] void Batch::serve(std::span<Connection* const> connections) noexcept {
  std::array<Connection*, BatchSize::kMost> moving;
  std::size_t count = 0;

  std::array<Receive, BatchSize::kMost> wanted;
  forEach(connections, [&](Connection& connection) {
    connection.queued = false;
    if (connection.beginReceive(wanted[count])) moving[count++] = &connection;
  });
  if (count != 0) reactor_.receive({wanted.data(), count});
  const Receive* received = wanted.data();
  forEach({moving.data(), count},
          [&](Connection& connection) { connection.endReceive((received++)->result); });

  forEach(connections, [](Connection& connection) { connection.answer(); });

  count = 0;
  std::array<Send, BatchSize::kMost> offered;
  for (Connection* const connection : connections)
    if (connection->beginSend(offered[count])) moving[count++] = connection;
  if (count != 0) reactor_.send({offered.data(), count});
  const Send* sent = offered.data();
  forEach({moving.data(), count}, [&](Connection& connection) { connection.endSend((sent++)->result); });

  forEach(connections, [](Connection& connection) { connection.finish(); });
}

}  // namespace h3::server
