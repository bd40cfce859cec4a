#include "h3http/allow_hosts.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "http/ascii_case.hpp"
#include "http/host.hpp"
#include "http/status.hpp"

namespace h3 {
namespace {

// Where the port's ':' is, which is not one within "[...]".
std::size_t portColon(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  return colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos
             ? colon
             : std::string_view::npos;
}

class AllowedHost {
 public:
  explicit AllowedHost(std::string entry) : name_(std::move(entry)) {
    const std::string given = name_;
    anyBelow_ = name_.starts_with("*.");
    if (anyBelow_) name_.erase(0, 1);
    const std::string_view plain = anyBelow_ ? std::string_view(name_).substr(1) : std::string_view(name_);
    hasPort_ = portColon(name_) != std::string::npos;
    if (!isValidHost(plain) || name_.find('*') != std::string::npos || name_.ends_with(':'))
      throw std::invalid_argument(
          "allowHosts: \"" + given +
          "\", expected a host such as \"example.org\", \"example.org:8443\", \"*.example.org\" "
          "or \"[::1]\", without scheme and path");
  }

  bool matches(std::string_view host) const {
    if (!hasPort_) host = host.substr(0, portColon(host));
    if (!anyBelow_) return equalsIgnoringCase(host, name_);
    return host.size() > name_.size() && equalsIgnoringCase(host.substr(host.size() - name_.size()), name_);
  }

 private:
  std::string name_;  ///< ".example.org" for names below it
  bool anyBelow_ = false;
  bool hasPort_ = false;
};

// No exception: a flood of bad requests must stay cheap.
FastResult refuseHost(Event& event, int status) {
  event.setStatus(status);
  event.sendView(reasonPhrase(status), "text/plain; charset=utf-8");
  return FastResult::stop;
}

}  // namespace

FastMiddleware allowHosts(std::vector<std::string> hosts) {
  if (hosts.empty()) throw std::invalid_argument("allowHosts: no hosts; name those that this server serves");
  const auto allowed = std::make_shared<const std::vector<AllowedHost>>(
      std::make_move_iterator(hosts.begin()), std::make_move_iterator(hosts.end()));
  return [allowed](Event& event) {
    const std::string_view host = event.host();
    if (host.empty()) return refuseHost(event, 400);
    const bool isAllowed = std::any_of(allowed->begin(), allowed->end(),
                                       [host](const AllowedHost& each) { return each.matches(host); });
    return isAllowed ? FastResult::next : refuseHost(event, 421);
  };
}

}  // namespace h3
