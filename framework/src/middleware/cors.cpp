#include "h3http/cors.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "http/host.hpp"
#include "protocol/response_writer.hpp"

namespace h3 {
namespace {

constexpr std::uint32_t kMaxAgeSeconds = 86'400;  // no browser keeps it longer

[[noreturn]] void refuse(const std::string& problem) { throw std::invalid_argument("cors: " + problem); }

// scheme "://" host [":" port], as the Origin field has it (RFC 6454 6.2): no path, not even "/". The grammar
// allows '*' in a host, but here it would be a mistake: it matches nothing.
bool isOrigin(std::string_view text) {
  const std::size_t schemeEnd = text.find("://");
  if (schemeEnd == std::string_view::npos || schemeEnd == 0 || text.find('*') != std::string_view::npos)
    return false;
  const auto schemeByte = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  const std::string_view scheme = text.substr(0, schemeEnd);
  return std::all_of(scheme.begin(), scheme.end(), schemeByte) && isValidHost(text.substr(schemeEnd + 3));
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    protocol::checkResponseField(name, "");
    list += (list.empty() ? "" : ", ") + name;
  }
  return list;
}

// CorsOptions, checked and converted to header texts.
struct Policy {
  explicit Policy(const CorsOptions& options)
      : origins(options.origins),
        anyOrigin(origins == std::vector<std::string>{"*"}),
        credentials(options.credentials),
        headers(joined(options.headers)),
        exposeHeaders(joined(options.exposeHeaders)),
        maxAge(std::to_string(options.maxAgeSeconds)) {
    MethodSet set;
    for (const Method method : options.methods) set.add(method);
    set.appendTo(methods);
    if (origins.empty()) refuse("no origins; name them, or {\"*\"} for any");
    if (anyOrigin && credentials)
      refuse("credentials for any origin would hand every user's data to every page; name the origins");
    if (options.maxAgeSeconds > kMaxAgeSeconds) refuse("maxAgeSeconds " + maxAge + ", expected 0 to 86400");
    for (const std::string& origin : origins)
      if (!anyOrigin && !isOrigin(origin))
        refuse("origin \"" + origin + "\", expected something like \"https://example.org\", without a path");
  }

  bool allows(std::string_view origin) const {
    return anyOrigin || std::find(origins.begin(), origins.end(), origin) != origins.end();
  }

  std::vector<std::string> origins;
  bool anyOrigin;
  bool credentials;
  std::string methods;
  std::string headers;
  std::string exposeHeaders;
  std::string maxAge;
};

void setUnlessEmpty(Event& event, std::string_view name, std::string_view value) {
  if (!value.empty()) event.setHeader(name, value);
}

FastResult respondToPreflight(Event& event, const Policy& policy, bool allowed) {
  if (allowed) {
    setUnlessEmpty(event, "Access-Control-Allow-Methods", policy.methods);
    setUnlessEmpty(event, "Access-Control-Allow-Headers", policy.headers);
    event.setHeader("Access-Control-Max-Age", policy.maxAge);
  }
  event.sendNothing(204);
  return FastResult::stop;
}

FastResult apply(Event& event, const Policy& policy) {
  if (!policy.anyOrigin) event.appendHeader("Vary", "Origin");
  const auto origin = event.getHeader("Origin");
  if (!origin) return FastResult::next;
  const bool allowed = policy.allows(*origin);
  if (allowed) {
    event.setHeader("Access-Control-Allow-Origin", policy.anyOrigin ? "*" : *origin);
    if (policy.credentials) event.setHeader("Access-Control-Allow-Credentials", "true");
  }
  if (event.method() == Method::options && event.getHeader("Access-Control-Request-Method"))
    return respondToPreflight(event, policy, allowed);
  if (allowed) setUnlessEmpty(event, "Access-Control-Expose-Headers", policy.exposeHeaders);
  return FastResult::next;
}

}  // namespace

FastMiddleware cors(const CorsOptions& options) {
  // Shared, because an App copies its middleware when it is frozen.
  return FastMiddleware([policy = std::make_shared<const Policy>(options)](Event& event) {
           return apply(event, *policy);
         })
      .alsoOnRefusals();
}

}  // namespace h3
