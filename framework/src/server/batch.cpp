#include "server/batch.hpp"

#include <array>
#include <cstddef>

#include "memory/buffer_shelf.hpp"
#include "server/batch_size.hpp"
#include "server/each_connection.hpp"

namespace h3::server {

static_assert(BufferShelf::kMaxBuffers >= BatchSize::kMaxConnections,
              "or a full batch goes to the pool for its buffers");

// Flattened: apart from parsing, half of a request's cost was saving registers between small functions. Rare
// cases are kept out (noinline), because registers are few.
[[gnu::flatten]] void Batch::serve(std::span<Connection* const> connections) noexcept {
  std::array<Connection*, BatchSize::kMaxConnections> moving;
  std::size_t count = 0;

  std::array<Receive, BatchSize::kMaxConnections> wanted;
  forEachConnection(connections, [&](Connection& connection) {
    connection.queued = false;
    if (connection.beginReceive(wanted[count])) moving[count++] = &connection;
  });
  if (count != 0) reactor_.receive({wanted.data(), count});
  const Receive* received = wanted.data();
  forEachConnection({moving.data(), count},
                    [&](Connection& connection) { connection.endReceive((received++)->result); });

  forEachConnection(connections, [](Connection& connection) { connection.respond(); });

  count = 0;
  std::array<Send, BatchSize::kMaxConnections> offered;
  for (Connection* const connection : connections)
    if (connection->beginSend(offered[count])) moving[count++] = connection;
  if (count != 0) reactor_.send({offered.data(), count});
  const Send* sent = offered.data();
  forEachConnection({moving.data(), count},
                    [&](Connection& connection) { connection.endSend((sent++)->result); });

  forEachConnection(connections, [](Connection& connection) { connection.finish(); });
}

}  // namespace h3::server
