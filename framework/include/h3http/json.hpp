// nlohmann_json for requests and responses. The hot path has JsonWriter and Event::sendJson, which need no
// heap.
#pragma once

#include <nlohmann/json.hpp>

#include "h3http/error.hpp"
#include "h3http/event.hpp"
#include "h3http/handler.hpp"

namespace h3 {

/// Deepest nesting that readJson accepts.
inline constexpr int kMaxJsonDepth = 64;

/// The request's body as JSON.
///
/// Errors: HttpError 415 when the content type is not JSON, 400 when the text is not valid JSON (RFC 8259),
/// is nested deeper than kMaxJsonDepth, or is followed by more. The body is never echoed.
nlohmann::json readJson(const Event& event);

/// The same, converted. Errors: HttpError 400 too when it does not have the type's shape.
template <class T>
T readJson(const Event& event) {
  try {
    return readJson(event).get<T>();
  } catch (const nlohmann::json::exception&) {
    throw HttpError(400, "the JSON body does not have the expected shape");
  }
}

/// Responds with a JSON value. Allocates on the heap, as nlohmann_json does.
void sendJson(Event& event, const nlohmann::json& value);

inline void respond(Event& event, const nlohmann::json& value) { sendJson(event, value); }

}  // namespace h3
