#include "server/address_names.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/system_error.hpp>

namespace h3::server {

std::vector<std::string> addressesOf(const std::string& address) {
  namespace ip = boost::asio::ip;
  boost::system::error_code error;
  (void)ip::make_address(address, error);
  if (!error) return {address};
  boost::asio::io_context context;
  ip::tcp::resolver resolver(context);
  const auto found = resolver.resolve(address, "", ip::resolver_base::passive, error);
  if (error)
    throw boost::system::system_error(error.value(), error.category(),
                                      "cannot listen on " + address + ": no address of that name");
  std::vector<std::string> numeric;
  for (const auto& entry : found) {
    const std::string text = entry.endpoint().address().to_string();
    if (std::find(numeric.begin(), numeric.end(), text) == numeric.end()) numeric.push_back(text);
  }
  return numeric;
}

}  // namespace h3::server
