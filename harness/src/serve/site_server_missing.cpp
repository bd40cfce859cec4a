// In builds without H3 (-DH3_BUILD_FRAMEWORK=OFF).
#include "scenario/input_error.hpp"
#include "serve/site_server.hpp"

namespace leakgate {

struct SiteServer::Impl {};

SiteServer::SiteServer(HistorySite&, std::uint16_t) {
  throw InputError("serve", "", "a leakgate that was built without H3 (-DH3_BUILD_FRAMEWORK=OFF)",
                   "one with it", "build it with H3, or use leakgate history trend");
}

SiteServer::~SiteServer() = default;
void SiteServer::start() {}
std::string SiteServer::address() const { return ""; }

}  // namespace leakgate
