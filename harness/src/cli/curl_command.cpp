#include "cli/curl_command.hpp"

#include <algorithm>
#include <cctype>

#include "scenario/command_words.hpp"
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

// The text itself, if it is the same in every request and safe for a terminal.
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

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool hasField(const Step& step, std::string_view name) {
  return std::any_of(step.headers.begin(), step.headers.end(),
                     [&](const auto& field) { return lowerCase(field.first) == name; });
}

std::string methodWords(const Step& step) {
  if (step.method == "HEAD") return " -I";
  const bool implied = step.method == (step.body.empty() ? "GET" : "POST");
  return implied ? "" : " -X " + shellQuoted(step.method);
}

// For curl "Name;" is an empty field; "Name:" would remove it.
std::string fieldWords(const std::string& name, const std::string& value) {
  return " -H " + shellQuoted(value.empty() ? name + ";" : name + ": " + value);
}

// Fields that the replay adds to the step's own, and curl does not.
std::string addedFields(const Scenario& scenario, const Step& step) {
  std::string words;
  const bool keepsOpen = step.keepAlive.value_or(scenario.load.keepAlive);
  if (!keepsOpen && !hasField(step, "connection")) words += fieldWords("Connection", "close");
  const bool saysLength = step.method == "POST" || step.method == "PUT" || step.method == "PATCH";
  if (step.body.empty() && saysLength && !hasField(step, "content-length")) {
    words += fieldWords("Content-Length", "0");
  }
  return words;
}

// curl would drop a fragment, and refuse a blank or a text that is not a path.
bool isUsual(const std::string& path) {
  return path.starts_with("/") && std::all_of(path.begin(), path.end(), [](unsigned char c) {
           return c > ' ' && c < 0x7f && c != '#';
         });
}

std::string targetWords(const std::string& path, std::uint16_t port, unsigned requests) {
  std::string url = "http://127.0.0.1:" + std::to_string(port);
  std::string words;
  if (isUsual(path)) {
    url += path;
    if (path.find_first_of("[]{}") != std::string::npos) words += " --globoff";
    if (path.find("/.") != std::string::npos) words += " --path-as-is";
  } else {
    url += "/";
    words += " --request-target " + shellQuoted(path);
  }
  for (unsigned k = 0; k < requests; ++k) words += " " + shellQuoted(url);
  return words;
}

// The longest argument that Linux passes on is 128 KiB.
constexpr std::size_t kMaxBodyBytes = 100'000;

bool canSendBody(const Step& step, const std::string& body) {
  if (body.empty()) return true;
  return step.method != "HEAD" && body.size() <= kMaxBodyBytes && !hasField(step, "transfer-encoding");
}

}  // namespace

std::optional<std::string> curlCommand(const Scenario& scenario, std::uint16_t port, unsigned requests) {
  if (requests == 0 || !isOneRequest(scenario)) return std::nullopt;
  const Step& step = scenario.steps.front();
  const auto body = plainText(step.body);
  const auto path = plainText(step.path);
  if (!body || !path || !canSendBody(step, *body)) return std::nullopt;
  std::string command = "curl -s";
  for (unsigned k = 0; k < requests; ++k) command += " -o /dev/null";
  command += methodWords(step);
  if (step.version == "1.0") command += " --http1.0";
  for (const auto& [name, value] : step.headers) {
    const auto text = plainText(value);
    if (!text) return std::nullopt;
    command += fieldWords(name, *text);
  }
  command += addedFields(scenario, step);
  if (!body->empty()) {
    if (!hasField(step, "content-type")) command += " -H 'Content-Type:'";  // curl would add its own
    command += " --data-raw " + shellQuoted(*body);
  }
  return command + targetWords(*path, port, requests);
}

}  // namespace leakgate
