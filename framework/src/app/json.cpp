#include "h3http/json.hpp"

#include <string>

#include "app/event_state.hpp"
#include "app/json_type.hpp"

namespace h3 {

nlohmann::json readJson(const Event& event) {
  const auto contentType = EventState::of(event).head.headers.findOnly("Content-Type");
  if (!contentType || !isJsonType(*contentType))
    throw HttpError(415, "expected a body of type application/json");
  // A callback that refuses a value only drops it, so the depth is recorded and checked afterwards; beyond
  // the limit nothing is kept.
  bool tooDeep = false;
  const auto limitDepth = [&tooDeep](int depth, nlohmann::json::parse_event_t part, nlohmann::json&) {
    using Kind = nlohmann::json::parse_event_t;
    const bool opens =
        part == Kind::object_start || part == Kind::array_start;  // `depth` counts those around it
    if (!opens || depth < kMaxJsonDepth) return true;
    tooDeep = true;
    return false;
  };
  // For nlohmann_json a NUL ends the text, and what follows is ignored. JSON has none, not even in a string.
  const std::string_view body = event.readBody();
  if (body.find('\0') != std::string_view::npos) throw HttpError(400, "the body is not valid JSON");
  nlohmann::json value = nlohmann::json::parse(body, limitDepth, /*allow_exceptions=*/false);
  if (tooDeep) throw HttpError(400, "the JSON body is nested too deeply");
  if (value.is_discarded()) throw HttpError(400, "the body is not valid JSON");
  return value;
}

void sendJson(Event& event, const nlohmann::json& value) {
  event.sendJsonText(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace h3
