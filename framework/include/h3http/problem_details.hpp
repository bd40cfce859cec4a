// Problem details: errors as JSON that programs can read.
#pragma once

#include <initializer_list>
#include <string_view>

#include "h3http/event.hpp"

namespace h3 {

/// An error as `application/problem+json`.
///
/// Lifetime: the views are read during the call. Source: RFC 9457 3.1.
struct Problem {
  int status = 500;                       ///< 400 to 599
  std::string_view type = "about:blank";  ///< a URI that identifies the kind of problem
  std::string_view title = {};     ///< the same for each problem of the type; "": the status's reason phrase
  std::string_view detail = {};    ///< about this occurrence, for people; "": left out
  std::string_view instance = {};  ///< a URI that identifies this occurrence; "": left out
};

/// Writes the members of `problem` into the object that is open in `json`.
JsonWriter& writeProblem(JsonWriter& json, const Problem& problem);

/// Responds with a problem and its status; `extensions` are further members of the object.
///
///     h3::sendProblem(event, {.status = 409, .detail = "the note has changed"}, {{"version", 7}});
///
/// Allocates: in the arena only. Errors: std::invalid_argument for a status outside 400 to 599.
void sendProblem(Event& event, const Problem& problem, std::initializer_list<JsonField> extensions = {});

}  // namespace h3
