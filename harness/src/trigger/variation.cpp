#include "trigger/variation.hpp"

#include <algorithm>

namespace leakgate {
namespace {

struct Names {
  Variation variation;
  const char* name;
  const char* title;
};
constexpr std::array<Names, kAllVariations.size()> kNames{{
    {Variation::none, "none", "as it is"},
    {Variation::oneConnection, "one_connection", "one connection"},
    {Variation::manyConnections, "many_connections", "8 connections"},
    {Variation::oneInFlight, "one_in_flight", "one request in flight"},
    {Variation::pipelined, "pipelined", "4 in flight"},
    {Variation::oneAtATime, "one_at_a_time", "one request at a time"},
    {Variation::oneRequest, "one_request", "1 request a connection"},
    {Variation::twoRequests, "two_requests", "2 requests a connection"},
    {Variation::keepAlive, "keep_alive", "keep-alive"},
    {Variation::connectionPerRequest, "connection_per_request", "a connection per request"},
    {Variation::http10, "http10", "HTTP/1.0"},
    {Variation::http11, "http11", "HTTP/1.1, closing"},
    {Variation::whole, "whole", "sent whole"},
    {Variation::get, "get", "as GET"},
    {Variation::midHeaders, "abort_mid_headers", "abort in the headers"},
    {Variation::afterHeaders, "abort_after_headers", "abort after the headers"},
    {Variation::midBody, "abort_mid_body", "abort in the body"},
    {Variation::beforeResponse, "abort_before_response", "abort before the response"},
    {Variation::missingPath, "missing_path", "a path that is not there"},
    {Variation::unknownMethod, "unknown_method", "as TRACE"},
    {Variation::malformed, "malformed", "malformed bytes"},
    {Variation::options, "options", "as OPTIONS"},
    {Variation::head, "head", "as HEAD"},
    {Variation::longerBody, "longer_body", "1,000 bytes more body"},
    {Variation::stalled, "stalled", "stall in the headers"},
    {Variation::slowRead, "slow_read", "read slowly"},
    {Variation::promptRead, "prompt_read", "read at once"},
    {Variation::withoutFields, "without_fields", "without header fields"},
    {Variation::withoutField, "without_field", "without a header field"},
    {Variation::withField, "with_field", "with a header field"},
}};

const Names& namesOf(Variation variation) {
  return *std::find_if(kNames.begin(), kNames.end(),
                       [&](const Names& names) { return names.variation == variation; });
}

}  // namespace

std::string_view toString(Variation variation) { return namesOf(variation).name; }

std::string_view titleOf(Variation variation) { return namesOf(variation).title; }

Variation abortVariation(AbortPoint point) {
  switch (point) {
    case AbortPoint::midHeaders:
      return Variation::midHeaders;
    case AbortPoint::afterHeaders:
      return Variation::afterHeaders;
    case AbortPoint::midBody:
      return Variation::midBody;
    case AbortPoint::beforeResponse:
      return Variation::beforeResponse;
    case AbortPoint::none:
      break;
  }
  return Variation::none;
}

}  // namespace leakgate
