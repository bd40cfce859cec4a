// How long the server took, told to the client.
#pragma once

#include "h3http/app.hpp"

namespace h3 {

/// Adds `Server-Timing: total;dur=1.234` to every answer: milliseconds since the request's bytes were read.
///
/// Entries of a handler's own stay. It is told to everybody who asks: leave it out where that matters.
/// Source: W3C Server Timing.
void timing(App& app);

}  // namespace h3
