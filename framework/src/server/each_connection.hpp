// Runs a step for each of many connections. A connection that throws is closed; the rest continue.
#pragma once

#include <exception>
#include <span>

#include "server/connection.hpp"

namespace h3::server {

/// Calls `step` with each; closes a connection whose call throws.
template <class Step>
void forEachConnection(std::span<Connection* const> connections, Step step) noexcept {
  for (Connection* const connection : connections) {
    try {
      step(*connection);
    } catch (const std::exception& failure) {
      connection->fail(failure.what());
    } catch (...) {
      connection->fail("something that is not a std::exception");
    }
  }
}

}  // namespace h3::server
