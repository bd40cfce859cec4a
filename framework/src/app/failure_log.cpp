#include "app/failure_log.hpp"

#include "app/log.hpp"
#include "h3http/event.hpp"
#include "h3http/request_id.hpp"

namespace h3 {

std::string describeRequest(const Event& event) {
  std::string text(event.methodText().empty() ? "(no method)" : event.methodText());
  text.append(" ").append(event.routePattern().empty() ? "(no route)" : event.routePattern());
  if (const auto id = event.getContext(kRequestIdKey)) text.append(", request ").append(*id);
  return text;
}

// A lack of memory is one of the failures to log.
void logFailure(const Event& event, std::string_view what, std::string_view detail) noexcept {
  try {
    std::string text = describeRequest(event);
    if (!detail.empty()) text.append(": ").append(detail);
    logError(what, text);
  } catch (...) {
    logError(what, detail);
  }
}

void logFailure(const Event* event, std::string_view what, std::string_view detail) noexcept {
  event != nullptr ? logFailure(*event, what, detail) : logError(what, detail);
}

void logFailure(const Event& event, std::string_view what, const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& failure) {
    logFailure(event, what, failure.what());
  } catch (...) {
    logFailure(event, what, "something that is not a std::exception");
  }
}

}  // namespace h3
