// Chooses the reactor of a server.
#pragma once

#include "h3http/config.hpp"

namespace h3::server {

/// The choice of `automatic`, if available. Figures: doc/adr/0007.
inline constexpr ReactorKind kPreferredReactor = ReactorKind::epoll;

/// epoll or ioUring. If `preferred` is io_uring but unavailable, automatic is epoll, and one log line says
/// why. Errors: boost::system::system_error, with the reason and the fix, when io_uring was requested by name
/// and is unavailable.
ReactorKind chooseReactor(ReactorKind wanted, ReactorKind preferred = kPreferredReactor);

}  // namespace h3::server
