// Log lines about one request.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace h3 {

class Event;

/// The request as log lines name it: "GET /users/:id, request 0f...-01". The id is that of requestId(), the route
/// "(no route)" when none has been found.
std::string describeRequest(const Event& event);

/// One error line: "what: GET /users/:id, request 0f...-01: detail". Never throws.
void logFailure(const Event& event, std::string_view what, std::string_view detail = {}) noexcept;
/// The same where there may be no request: null names none.
void logFailure(const Event* event, std::string_view what, std::string_view detail) noexcept;
/// The detail is the text of the exception.
void logFailure(const Event& event, std::string_view what, const std::exception_ptr& error) noexcept;

}  // namespace h3
