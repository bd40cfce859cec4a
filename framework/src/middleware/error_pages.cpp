#include "h3http/error_pages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <memory_resource>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "app/event_state.hpp"
#include "app/log.hpp"
#include "h3http/html.hpp"
#include "h3http/negotiation.hpp"
#include "h3http/problem_details.hpp"
#include "http/ascii_case.hpp"
#include "http/status.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxErrorTextBytes = 4096;
constexpr std::string_view kPlainType = "text/plain";

std::string_view typeOf(ErrorFormat format) {
  switch (format) {
    case ErrorFormat::html:
      return "text/html";
    case ErrorFormat::json:
      return "application/problem+json";
    case ErrorFormat::text:
      break;
  }
  return kPlainType;
}

// A body that is shown in another format. One that is coded, or sent piece by piece, is not.
bool isPlainError(const EventState& state) {
  if (state.status < 400 || state.bodyRest != nullptr) return false;
  if (state.streams != nullptr && state.streams->response.started) return false;
  const std::string_view type = state.contentType;
  return equalsIgnoringCase(type.substr(0, kPlainType.size()), kPlainType) &&
         (type.size() == kPlainType.size() || type[kPlainType.size()] == ';') &&
         state.responseBody.size() <= kMaxErrorTextBytes && !state.fields.find("Content-Encoding");
}

void sendPlainPage(Event& event, const ErrorPage& page) {
  std::array<char, 8> digits;
  const auto status = std::to_chars(digits.data(), digits.data() + digits.size(), page.status);
  const std::string_view code(digits.data(), static_cast<std::size_t>(status.ptr - digits.data()));
  const std::string_view title = escapeHtml(page.title, event.arena());
  std::pmr::string html(&event.arena().resource());
  html.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
      .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
      .append(code)
      .append(" ")
      .append(title)
      .append("</title>\n<h1>")
      .append(code)
      .append(" ")
      .append(title)
      .append("</h1>\n");
  if (!page.message.empty())
    html.append("<p>").append(escapeHtml(page.message, event.arena())).append("</p>\n");
  event.sendHtml(html);
}

class ErrorPages {
 public:
  explicit ErrorPages(ErrorPageOptions options) : options_(std::move(options)) {
    std::vector<ErrorFormat> sorted = options_.formats;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != std::vector{ErrorFormat::text, ErrorFormat::html, ErrorFormat::json})
      throw std::invalid_argument(
          "errorPages: formats: expected text, html and json, each once, in any order");
  }

  void apply(Event& event) const {
    EventState& state = EventState::of(event);
    if (!isPlainError(state)) return;
    varyBy(event, "Accept");
    const ErrorFormat format = choose(event);
    if (format == ErrorFormat::text) return;
    const std::string_view title = reasonPhrase(state.status);
    const std::string_view text = state.responseBody;
    const ErrorPage page{state.status, title, text == title ? std::string_view() : text};
    if (format == ErrorFormat::json)
      return sendProblem(event, {.status = page.status, .title = page.title, .detail = page.message});
    if (!options_.html) return sendPlainPage(event, page);
    sendOwnPage(event, page);
  }

 private:
  ErrorFormat choose(const Event& event) const {
    const std::vector<ErrorFormat>& formats = options_.formats;
    const auto chosen =
        accepts(event, {typeOf(formats[0]), typeOf(formats[1]), typeOf(formats[2]), "application/json"});
    if (!chosen) return formats[0];
    if (*chosen == "application/json") return ErrorFormat::json;  // its clients expect problem details, too
    return *std::find_if(formats.begin(), formats.end(),
                         [&chosen](ErrorFormat format) { return typeOf(format) == *chosen; });
  }

  void sendOwnPage(Event& event, const ErrorPage& page) const {
    EventState& state = EventState::of(event);
    const std::string_view body = state.responseBody;
    const std::string_view type = state.contentType;
    try {
      options_.html(event, page);
    } catch (const std::exception& failure) {
      logError("an error page threw", failure.what());
      event.sendView(body, type);
    }
    event.setStatus(page.status);
  }

  ErrorPageOptions options_;
};

}  // namespace

void errorPages(App& app, ErrorPageOptions options) {
  // Shared, because an App copies its hooks when it is frozen.
  app.onResponse([pages = std::make_shared<const ErrorPages>(std::move(options))](Event& event) {
    pages->apply(event);
  });
}

}  // namespace h3
