// Writes a request as a curl command to paste.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenario/scenario.hpp"

namespace leakgate {

/// The curl command that sends the scenario's one step to 127.0.0.1:port, `requests` times over one
/// connection, as the replay does: with the step's header fields, "Connection: close" where the load closes
/// connections, and of curl's own fields only User-Agent and Accept. Nothing when curl cannot do it: several
/// steps or connections, raw bytes, an abort, placeholders, bytes that are unsafe for a terminal.
std::optional<std::string> curlCommand(const Scenario& scenario, std::uint16_t port, unsigned requests = 1);

}  // namespace leakgate
