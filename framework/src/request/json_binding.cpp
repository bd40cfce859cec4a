#include "h3http/json_binding.hpp"

#include "app/event_state.hpp"
#include "app/json_type.hpp"
#include "h3http/error.hpp"

namespace h3::detail {

std::string_view checkedJsonBody(const Event& event, const JsonOptions& options) {
  const auto contentType = EventState::of(event).head.headers.findOnly("Content-Type");
  if (!contentType || !isJsonType(*contentType))
    throw HttpError(415, "expected a body of type application/json");
  const std::string_view body = event.readBody();
  if (body.size() > options.maxBytes)
    throw HttpError(413, "the JSON body has " + std::to_string(body.size()) + " bytes, expected at most " +
                             std::to_string(options.maxBytes));
  return body;
}

}  // namespace h3::detail
