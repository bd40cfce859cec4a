#include "h3http/problem_details.hpp"

#include <stdexcept>
#include <string>

#include "app/json_field_writer.hpp"
#include "http/status.hpp"

namespace h3 {

JsonWriter& writeProblem(JsonWriter& json, const Problem& problem) {
  json.member("type", problem.type);
  json.member("title", problem.title.empty() ? reasonPhrase(problem.status) : problem.title);
  json.member("status", problem.status);
  if (!problem.detail.empty()) json.member("detail", problem.detail);
  if (!problem.instance.empty()) json.member("instance", problem.instance);
  return json;
}

void sendProblem(Event& event, const Problem& problem, std::initializer_list<JsonField> extensions) {
  if (problem.status < 400 || problem.status > 599)
    throw std::invalid_argument("problem status: expected 400 to 599, found " +
                                std::to_string(problem.status));
  JsonWriter json(event.arena());
  json.beginObject();
  writeProblem(json, problem);
  for (const JsonField& field : extensions) writeField(json, field);
  json.endObject();
  event.setStatus(problem.status);
  event.sendView(json.text(), "application/problem+json");
}

}  // namespace h3
