#include "cli/curl_command.hpp"

#include <algorithm>
#include <cctype>

#include "cli/command_words.hpp"
#include "scenario/template_text.hpp"

namespace leakgate {

namespace {

// {i}, {i:N}, {rand:N}, {conn} and {grow:N} differ from request to request; {fill:N} and the escaped {{i}} do
// not.
bool variesByRequest(std::string_view text) {
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto inner = text.substr(open + 1, text.find('}', open) - open - 1);
    const bool escaped = open > 0 && text[open - 1] == '{';
    if (!escaped && TextTemplate::isPlaceholder(inner) && !inner.starts_with("fill:")) return true;
  }
  return false;
}

// The text itself when it is the same in every request and has nothing that a terminal would swallow.
std::optional<std::string> plainText(const std::string& text) {
  if (variesByRequest(text)) return std::nullopt;
  std::string rendered;
  TextTemplate::compile(text).append({}, rendered);
  const bool printable = std::all_of(rendered.begin(), rendered.end(), [](unsigned char c) {
    return c >= 0x80 || std::isprint(c) != 0 || c == '\n' || c == '\t';
  });
  if (!printable) return std::nullopt;
  return rendered;
}

bool isOneRequest(const Scenario& scenario) {
  if (scenario.steps.size() != 1 || scenario.load.connections != 1 || scenario.load.pipeline != 1)
    return false;
  const Step& step = scenario.steps.front();
  return !step.raw && step.abort == AbortPoint::none && step.slowReadMs == 0 && step.expect.has_value();
}

std::string methodWords(const Step& step) {
  if (step.method == "HEAD") return " -I";
  const bool implied = step.method == (step.body.empty() ? "GET" : "POST");
  return implied ? "" : " -X " + shellQuoted(step.method);
}

}  // namespace

std::optional<std::string> curlCommand(const Scenario& scenario, std::uint16_t port) {
  if (!isOneRequest(scenario)) return std::nullopt;
  const Step& step = scenario.steps.front();
  std::string command = "curl -s -o /dev/null" + methodWords(step);
  if (step.version == "1.0") command += " --http1.0";
  bool hasType = step.body.empty();
  for (const auto& [name, value] : step.headers) {
    const auto text = plainText(value);
    if (!text) return std::nullopt;
    command += " -H " + shellQuoted(name + ": " + *text);
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    hasType = hasType || lower == "content-type";
  }
  const auto body = plainText(step.body);
  const auto path = plainText(step.path);
  if (!body || !path) return std::nullopt;
  if (!hasType) command += " -H 'Content-Type:'";  // curl would add one of its own
  if (!body->empty()) command += " --data-raw " + shellQuoted(*body);
  if (path->find_first_of("[]{}") != std::string::npos) command += " --globoff";
  if (path->find("/.") != std::string::npos) command += " --path-as-is";
  return command + " " + shellQuoted("http://127.0.0.1:" + std::to_string(port) + *path);
}

}  // namespace leakgate
