// Which reactor a server runs on.
#pragma once

#include "h3http/config.hpp"

namespace h3::server {

/// What automatic takes where it can be had. The figures are in doc/adr/0007.
inline constexpr ReactorKind kPreferredReactor = ReactorKind::epoll;

/// epoll or ioUring. Where `preferred` is io_uring and cannot be had, automatic is epoll, and one line in the
/// log says why. Errors: boost::system::system_error, with the reason and the way out, when io_uring was
/// asked for by name and cannot be had: somebody who names it counts on it.
ReactorKind chooseReactor(ReactorKind wanted, ReactorKind preferred = kPreferredReactor);

}  // namespace h3::server
