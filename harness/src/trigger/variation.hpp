// The changes that experiments make to a step.
#pragma once

#include <array>
#include <string_view>

#include "scenario/scenario.hpp"

namespace leakgate {

/// A change of a step, or of how it is sent. Each changes one thing.
enum class Variation {
  none,                  ///< the step as it is
  oneConnection,         ///< where there were several
  manyConnections,       ///< eight connections, where there was one
  oneInFlight,           ///< a response is awaited before the next request, where requests were pipelined
  pipelined,             ///< kManyInFlight requests in flight on a connection, where there was one
  oneAtATime,            ///< one connection and one in flight, where there were several of both
  oneRequest,            ///< the client closes each connection after one response, without announcing it
  twoRequests,           ///< after two
  keepAlive,             ///< persistent connections, where each request had its own; HTTP/1.1, and whole
  connectionPerRequest,  ///< Connection: close
  http10,                ///< HTTP/1.0, which closes
  http11,                ///< HTTP/1.1, still a connection per request
  whole,                 ///< sends whole what the client left half-sent; still a connection per request
  get,                   ///< GET instead of another method without a body
  midHeaders,            ///< the client leaves at this point, without waiting
  afterHeaders,
  midBody,
  beforeResponse,
  missingPath,    ///< a path that no server has: 404
  unknownMethod,  ///< TRACE, which hardly any server accepts: 405 or 501
  malformed,      ///< bytes that are not a request: 400
  options,
  head,
  longerBody,     ///< kLongerBodyBytes more blanks
  stalled,        ///< half of the headers, a pause, then the client leaves
  slowRead,       ///< over its own connection the response is left unread for a while
  promptRead,     ///< read at once, where it was not; still a connection per request
  withoutFields,  ///< without all optional header fields
  withoutField,   ///< without one of them
  withField       ///< with a header field of another step
};

inline constexpr std::array kAllVariations{Variation::none,
                                           Variation::oneConnection,
                                           Variation::manyConnections,
                                           Variation::oneInFlight,
                                           Variation::pipelined,
                                           Variation::oneAtATime,
                                           Variation::oneRequest,
                                           Variation::twoRequests,
                                           Variation::keepAlive,
                                           Variation::connectionPerRequest,
                                           Variation::http10,
                                           Variation::http11,
                                           Variation::whole,
                                           Variation::get,
                                           Variation::midHeaders,
                                           Variation::afterHeaders,
                                           Variation::midBody,
                                           Variation::beforeResponse,
                                           Variation::missingPath,
                                           Variation::unknownMethod,
                                           Variation::malformed,
                                           Variation::options,
                                           Variation::head,
                                           Variation::longerBody,
                                           Variation::stalled,
                                           Variation::slowRead,
                                           Variation::promptRead,
                                           Variation::withoutFields,
                                           Variation::withoutField,
                                           Variation::withField};

std::string_view toString(Variation variation);  ///< "one_connection"
std::string_view titleOf(Variation variation);   ///< for people: "one connection"

/// The variation that aborts at this point.
Variation abortVariation(AbortPoint point);

}  // namespace leakgate
