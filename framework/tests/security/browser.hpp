// A browser's part in tests: it keeps cookies and sends them back.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

namespace h3::test {

/// Sends requests to an app without sockets, with the cookies that earlier responses have set.
class Browser {
 public:
  explicit Browser(App& app) : worker_(app) {}

  /// The event is valid until the next call. `fields` end with CRLF each.
  Event& get(std::string_view target, std::string_view fields = {}) { return send("GET", target, fields); }
  Event& post(std::string_view target, std::string_view fields = {}) { return send("POST", target, fields); }

  Event& send(std::string_view method, std::string_view target, std::string_view fields = {},
              std::string_view body = {}) {
    std::string all = cookieField().append(fields);
    if (!body.empty()) all += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    Event& event = worker_.run(requestText(method, target, all).append(body));
    setCookies_.clear();
    for (const auto& field : EventState::of(event).fields.all())
      if (field.name == "Set-Cookie") keep(field.value);
    return event;
  }

  std::string cookieField() const {
    std::string field;
    for (const auto& [name, value] : cookies)
      field.append(field.empty() ? "Cookie: " : "; ").append(name).append("=").append(value);
    return field.empty() ? field : field + "\r\n";
  }

  /// Set-Cookie fields of the last response.
  const std::vector<std::string>& setCookies() const { return setCookies_; }
  LocalWorker& worker() { return worker_; }

  std::map<std::string, std::string> cookies;

 private:
  void keep(std::string_view field) {
    setCookies_.emplace_back(field);
    const std::string_view pair = field.substr(0, field.find(';'));
    const std::string name(pair.substr(0, pair.find('=')));
    if (field.find("; Max-Age=0;") != std::string_view::npos) {
      cookies.erase(name);
    } else {
      cookies[name] = pair.substr(name.size() + 1);
    }
  }

  LocalWorker worker_;
  std::vector<std::string> setCookies_;
};

}  // namespace h3::test
