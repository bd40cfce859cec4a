#include "protocol/trailers.hpp"

#include <algorithm>
#include <iterator>

#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3::protocol {
namespace {

constexpr std::string_view kForbidden[] = {"transfer-encoding",
                                           "content-length",
                                           "host",
                                           "trailer",
                                           "connection",
                                           "te",
                                           "upgrade",
                                           "keep-alive",
                                           "authorization",
                                           "cookie",
                                           "set-cookie",
                                           "proxy-authorization",
                                           "cache-control",
                                           "expect",
                                           "max-forwards",
                                           "pragma",
                                           "range",
                                           "if-match",
                                           "if-none-match",
                                           "if-modified-since",
                                           "if-range",
                                           "content-encoding",
                                           "content-type",
                                           "content-range",
                                           "forwarded",
                                           "x-forwarded-for",
                                           "origin",
                                           "if-unmodified-since",
                                           "x-forwarded-host",
                                           "x-forwarded-proto",
                                           "age",
                                           "date",
                                           "expires",
                                           "location",
                                           "vary",
                                           "warning"};

bool isForbidden(std::string_view name) {
  return std::any_of(std::begin(kForbidden), std::end(kForbidden),
                     [name](std::string_view forbidden) { return equalsIgnoringCase(name, forbidden); });
}

}  // namespace

std::optional<std::string_view> findTrailer(std::string_view trailers, std::string_view name) {
  if (name.empty() || isForbidden(name)) return std::nullopt;
  while (!trailers.empty()) {
    const std::size_t end = std::min(trailers.find("\r\n"), trailers.size());
    const std::string_view line = trailers.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && equalsIgnoringCase(line.substr(0, colon), name))
      return trimBlanks(line.substr(colon + 1));
    trailers.remove_prefix(std::min(end + 2, trailers.size()));
  }
  return std::nullopt;
}

}  // namespace h3::protocol
