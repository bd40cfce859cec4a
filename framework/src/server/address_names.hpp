// The numeric addresses of a name.
#pragma once

#include <string>
#include <vector>

namespace h3::server {

/// Where to listen for `address`: itself when it is numeric, else all addresses of the name, such as 127.0.0.1 and ::1 of
/// "localhost", each once. May ask the network.
///
/// Errors: boost::system::system_error, which names the address.
std::vector<std::string> addressesOf(const std::string& address);

}  // namespace h3::server
