// What an experiment changes of a step.
#pragma once

#include <array>
#include <string_view>

#include "scenario/scenario.hpp"

namespace leakgate {

/// What is changed of a step, or of how it is sent. Each changes one thing.
enum class Variation {
  none,                  ///< the step as it is
  oneConnection,         ///< where there were more
  manyConnections,       ///< eight connections, where there was one
  oneInFlight,           ///< an answer is awaited before the next request, where requests were pipelined
  pipelined,             ///< kManyInFlight requests in flight on a connection, where there was one
  oneAtATime,            ///< one connection and one in flight, where there were more of both
  oneRequest,            ///< the client closes each connection after one answer, without saying so before
  twoRequests,           ///< after two
  keepAlive,             ///< over connections that stay, where each request had its own; HTTP/1.1, and whole
  connectionPerRequest,  ///< Connection: close
  http10,                ///< HTTP/1.0, which closes
  http11,                ///< HTTP/1.1, still a connection per request
  whole,                 ///< what the client left half-sent, sent whole; still a connection per request
  get,                   ///< GET instead of another method without a body
  midHeaders,            ///< the client leaves there, without waiting
  afterHeaders,
  midBody,
  beforeResponse,
  missingPath,    ///< a path that no server has: 404
  unknownMethod,  ///< TRACE, which hardly any server takes: 405 or 501
  malformed,      ///< bytes that are no request: 400
  options,
  head,
  longerBody,     ///< kLongerBodyBytes of blanks more
  stalled,        ///< half of the headers, a pause, and gone
  slowRead,       ///< over a connection of its own the answer is left unread for a while
  promptRead,     ///< read at once, where it was not; still a connection per request
  withoutFields,  ///< without the header fields that a request can do without
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

/// The variation by which a step that aborts at this point does so.
Variation abortVariation(AbortPoint point);

}  // namespace leakgate
