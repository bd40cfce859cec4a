#include "h3http/security_headers.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/response_writer.hpp"

namespace h3 {
namespace {

struct Field {
  std::string_view name;
  std::string value;
};

constexpr std::uint32_t kMinPreloadSeconds = 365 * 24 * 3600;

std::string hstsValue(const HstsOptions& hsts) {
  if (hsts.preload && (!hsts.includeSubDomains || hsts.maxAgeSeconds < kMinPreloadSeconds))
    throw std::invalid_argument(
        "securityHeaders: hsts.preload needs includeSubDomains and maxAgeSeconds of at least " +
        std::to_string(kMinPreloadSeconds) + ", found " + std::to_string(hsts.maxAgeSeconds));
  if (hsts.maxAgeSeconds == 0) return {};
  return "max-age=" + std::to_string(hsts.maxAgeSeconds) +
         (hsts.includeSubDomains ? "; includeSubDomains" : "") + (hsts.preload ? "; preload" : "");
}

std::vector<Field> fieldsOf(SecurityHeadersOptions options) {
  std::vector<Field> fields = {
      {"X-Content-Type-Options", std::move(options.contentTypeOptions)},
      {"X-Frame-Options", std::move(options.frameOptions)},
      {"Referrer-Policy", std::move(options.referrerPolicy)},
      {"Cross-Origin-Opener-Policy", std::move(options.crossOriginOpenerPolicy)},
      {"Content-Security-Policy", std::move(options.contentSecurityPolicy)},
      {"Permissions-Policy", std::move(options.permissionsPolicy)},
      {"Strict-Transport-Security", hstsValue(options.hsts)},
  };
  std::erase_if(fields, [](const Field& field) { return field.value.empty(); });
  for (const Field& field : fields) protocol::checkResponseField(field.name, field.value);
  return fields;
}

}  // namespace

FastMiddleware securityHeaders(SecurityHeadersOptions options) {
  return FastMiddleware([fields = fieldsOf(std::move(options))](Event& event) {
           for (const Field& field : fields) event.setHeader(field.name, field.value);
           return FastResult::next;
         })
      .alsoOnRefusals();
}

}  // namespace h3
