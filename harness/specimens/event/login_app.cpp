#include "login_app.hpp"

#include <algorithm>
#include <array>

#include "event.hpp"
#include "server/specimen_server.hpp"

namespace specimen {
namespace {

// A leaked copy is recognised by its 17 bytes.
constexpr std::string_view kUserKey = "authenticatedUser";
constexpr std::string_view kUsersPrefix = "/users/";

/// `number` in eight digits, so that every request copies as much as the next.
std::array<char, 8> padded(std::string_view number) {
  std::array<char, 8> digits;
  digits.fill('0');
  const auto last = number.substr(number.size() - std::min(number.size(), digits.size()));
  std::copy_backward(last.begin(), last.end(), digits.end());
  return digits;
}

/// Every request starts without a user; the login then overwrites the key.
Response login(Event& event, const Request& request) {
  const auto digits = padded(queryValue(request.query, "i"));
  const std::string_view number(digits.data(), digits.size());
  event.setContext(kUserKey, "anonymous");
  event.setContext("requestId", number);
  event.setContext("payload", request.body);
  event.setContext(kUserKey, number);
  const bool kept = event.context(kUserKey) == number && event.context("payload") == request.body;
  return kept ? Response{} : Response{400, "context lost\n"};
}

Response showUser(Event& event, const Request& request) {
  const auto id = request.path.substr(kUsersPrefix.size());
  event.setParam("id", id);
  return event.param("id") == id ? Response{200, id} : Response{400, "parameter lost\n"};
}

Response dispatch(Event& event, const Request& request) {
  if (request.method == "POST" && request.path == "/login") return login(event, request);
  if (request.method == "GET" && request.path.starts_with(kUsersPrefix)) return showUser(event, request);
  return {404, "not found\n"};
}

}  // namespace

int runLoginApp(int argc, char** argv) {
  return runServer(argc, argv, [] {
    return [pool = std::make_shared<EventPool>()](const Request& request) {
      auto event = pool->acquire();
      const Response response = dispatch(*event, request);
      pool->release(std::move(event));
      return response;
    };
  });
}

}  // namespace specimen
