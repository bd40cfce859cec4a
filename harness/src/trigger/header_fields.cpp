#include "trigger/header_fields.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "scenario/check.hpp"

namespace leakgate {
namespace {

// Fields that a request needs, or that belong to other variations.
constexpr std::array kKeptFields{"host",       "content-length", "transfer-encoding",
                                 "connection", "upgrade",        "expect"};

std::string lowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// `name`: in lower case.
bool isField(const HeaderField& field, std::string_view name) { return lowerCase(field.first) == name; }

}  // namespace

const std::string* fieldOf(const Step& step, std::string_view name) {
  const auto found = std::find_if(step.headers.begin(), step.headers.end(),
                                  [&](const auto& field) { return isField(field, name); });
  return found == step.headers.end() ? nullptr : &found->second;
}

void dropField(Step& step, std::string_view name) {
  std::erase_if(step.headers, [&](const auto& field) { return isField(field, name); });
}

std::vector<std::string> droppableFields(const Step& step) {
  std::vector<std::string> names;
  for (const auto& field : step.headers) {
    const std::string name = lowerCase(field.first);
    const bool kept = std::find(kKeptFields.begin(), kKeptFields.end(), name) != kKeptFields.end();
    if (!kept && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::optional<Scenario> withoutField(const Scenario& alone, std::string_view name) {
  Scenario scenario = alone;
  Step& step = scenario.steps.front();
  if (step.raw || fieldOf(step, lowerCase(std::string(name))) == nullptr) return std::nullopt;
  dropField(step, lowerCase(std::string(name)));
  checkScenario(scenario);
  return scenario;
}

std::optional<Scenario> withField(const Scenario& alone, const HeaderField& field) {
  Scenario scenario = alone;
  Step& step = scenario.steps.front();
  if (step.raw || fieldOf(step, lowerCase(field.first)) != nullptr) return std::nullopt;
  step.headers.push_back(field);
  checkScenario(scenario);
  return scenario;
}

}  // namespace leakgate
