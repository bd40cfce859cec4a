#include "h3http/trusted_proxies.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "app/event_state.hpp"
#include "http/ascii_case.hpp"
#include "http/host.hpp"
#include "http/ip_network.hpp"
#include "http/peer_list.hpp"
#include "request/field_list.hpp"
#include "request/field_params.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxProxies = 32;

// The elements of the fields of one name that stand furthest right, the rightmost first.
class RightmostElements {
 public:
  RightmostElements(const Event& event, std::string_view field) {
    for (const std::string_view value : event.headers(field))
      forEachQuotedElement(value,
                           [this](std::string_view element) { elements_[count_++ % kMaxProxies] = element; });
  }

  std::size_t size() const { return std::min(count_, kMaxProxies); }
  std::string_view operator[](std::size_t fromRight) const {
    return elements_[(count_ - 1 - fromRight) % kMaxProxies];
  }

 private:
  std::array<std::string_view, kMaxProxies> elements_;
  std::size_t count_ = 0;
};

// What a proxy says about who sent it the request.
struct ForwardedBy {
  std::string_view address;  ///< empty when it is none
  std::string_view scheme;
  std::string_view host;
};

// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80", "2001:db8::1": the address, or nothing.
std::string_view addressOf(std::string_view node) {
  if (node.starts_with('[')) {
    const std::size_t end = node.find(']');
    if (end == std::string_view::npos) return {};
    const std::string_view port = node.substr(end + 1);
    if (!port.empty() && port.front() != ':') return {};
    node = node.substr(1, end - 1);
  } else if (node.find('.') != std::string_view::npos && std::count(node.begin(), node.end(), ':') == 1) {
    node = node.substr(0, node.find(':'));
  }
  return parseIpAddress(node) ? node : std::string_view();
}

std::string_view schemeOf(std::string_view text) {
  if (equalsIgnoringCase(text, "https")) return "https";
  return equalsIgnoringCase(text, "http") ? "http" : std::string_view();
}

std::string_view hostOf(std::string_view text) { return isValidHost(text) ? text : std::string_view(); }

// One element of Forwarded. A parameter that comes twice, or a malformed element, says nothing (RFC 7239 4).
ForwardedBy readForwarded(std::string_view element) {
  ForwardedBy by;
  std::array<bool, 3> seen{};
  FieldParams params(element, FieldParams::Begin::name);
  FieldParams::State state = params.next();
  for (; state == FieldParams::State::found; state = params.next()) {
    const std::string_view name = params.name();
    const std::size_t which = equalsIgnoringCase(name, "for")     ? 0
                              : equalsIgnoringCase(name, "proto") ? 1
                              : equalsIgnoringCase(name, "host")  ? 2
                                                                  : 3;
    if (which == 3) continue;
    if (std::exchange(seen[which], true)) return {};
    if (which == 0) by.address = addressOf(params.value());
    if (which == 1) by.scheme = schemeOf(params.value());
    if (which == 2) by.host = hostOf(params.value());
  }
  return state == FieldParams::State::end ? by : ForwardedBy{};
}

class TrustedProxies {
 public:
  explicit TrustedProxies(const ProxyTrust& trust) : fields_(trust.fields) {
    if (trust.networks.empty())
      throw std::invalid_argument("ProxyTrust::networks: expected the addresses of the proxies, found none");
    for (const std::string& text : trust.networks)
      if (!proxies_.add(text))
        throw std::invalid_argument(std::string("ProxyTrust::networks: expected ")
                                        .append(PeerList::kExpected)
                                        .append(", found \"")
                                        .append(text)
                                        .append("\""));
  }

  FastResult operator()(Event& event) const {
    EventState& state = EventState::of(event);
    if (!proxies_.contains(state.clientAddress)) return FastResult::next;
    const ForwardedBy client =
        fields_ == ForwardedFields::forwarded ? followForwarded(event) : followXForwarded(event);
    EventExtras& extras = state.getExtras();
    extras.peerAddress = state.clientAddress;
    if (!client.address.empty()) state.clientAddress = client.address;
    extras.scheme = client.scheme;
    extras.host = client.host;
    return FastResult::next;
  }

 private:
  ForwardedBy followForwarded(const Event& event) const {
    const RightmostElements elements(event, "Forwarded");
    ForwardedBy client;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const ForwardedBy by = readForwarded(elements[i]);
      if (by.address.empty() && i != 0) break;
      client = by;
      if (!proxies_.contains(by.address)) break;
    }
    return client;
  }

  ForwardedBy followXForwarded(const Event& event) const {
    const RightmostElements addresses(event, "X-Forwarded-For");
    ForwardedBy client;
    std::size_t reached = 0;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      const std::string_view address = addressOf(addresses[i]);
      if (address.empty()) break;
      client.address = address;
      reached = i;
      if (!proxies_.contains(address)) break;
    }
    client.scheme = schemeOf(elementAt(RightmostElements(event, "X-Forwarded-Proto"), reached));
    client.host = hostOf(elementAt(RightmostElements(event, "X-Forwarded-Host"), reached));
    return client;
  }

  static std::string_view elementAt(const RightmostElements& elements, std::size_t fromRight) {
    if (elements.size() == 0) return {};
    return elements[std::min(fromRight, elements.size() - 1)];
  }

  PeerList proxies_;
  ForwardedFields fields_;
};

}  // namespace

FastMiddleware trustProxies(const ProxyTrust& trust) {
  return FastMiddleware(TrustedProxies(trust)).alsoOnRefusals();
}

std::string_view peerAddress(const Event& event) {
  const EventState& state = EventState::of(event);
  const bool isForwarded = state.extras != nullptr && !state.extras->peerAddress.empty();
  return isForwarded ? state.extras->peerAddress : state.clientAddress;
}

}  // namespace h3
