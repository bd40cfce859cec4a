// Tests an App without sockets: requests go through the server's own parser, session, dispatcher and response
// writer, on the caller's thread.
//
//   h3::App app;
//   addRoutes(app);
//   h3::test::Client client(app);
//   CHECK(client.post("/login", "user=anna").status == 303);
//   CHECK(client.get("/me").body == "anna");  // with the cookie that the login has set
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "h3http/monitor.hpp"

namespace boost::asio {
class io_context;
}

namespace h3::test {

/// Names and values of fields, in order.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// A request to send. Content-Length is added for a body, and for methods that usually have one.
struct Request {
  std::string method = "GET";
  std::string target = "/";
  Headers headers = {};
  std::string body = {};
};

struct JsonBody;  // of h3http/testing_json.hpp

/// What came back.
struct Response {
  int status = 0;
  std::string reason;
  Headers headers;                ///< in the order sent, trailers last
  std::string body;               ///< decoded from its transfer coding
  std::string target;             ///< that it responds to: after redirects, the last
  std::vector<int> interim;       ///< statuses of the 1xx responses before it
  std::size_t redirects = 0;      ///< that were followed
  bool closesConnection = false;  ///< the next request gets a new connection

  /// The first of that name, any case. Valid as long as the response.
  std::optional<std::string_view> header(std::string_view name) const;
  /// How many fields have that name.
  std::size_t headerCount(std::string_view name) const;
  /// The body as nlohmann::json; include h3http/testing_json.hpp. Errors: ClientError when it is no JSON.
  template <class Body = JsonBody>
  auto json() const {
    return Body::of(*this);
  }
};

/// A test that cannot go on: what() names the request, what was found, what was expected.
class ClientError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Config::testing(), but a deferred handler has 5 s.
Config clientConfig();

struct ClientOptions {
  Config config =
      clientConfig();  ///< limits and timeouts hold as in a server; threads and addresses do not matter
  bool followRedirects = false;  ///< at most Client::kMaxRedirects
  bool keepCookies = true;       ///< send what responses have set, as a browser would over TLS
  std::string host = "test";     ///< of the Host field
  std::string clientAddress = "127.0.0.1";
};

/// A client and a server with one worker, in one object.
///
/// A request's bytes go through a session as if a socket had received them: limits, refusals, framing and hooks are those
/// of a server. The connection is kept alive and replaced when the server closes it. Deferred and awaitable
/// handlers run on a loop of the client's own until they complete; one that takes longer than
/// TimeoutConfig::handlerMs gets a 504, as in a server. Other deadlines do not run: no bytes are late here. Start hooks
/// run in the constructor, stop hooks in the destructor; tasks of App::every do not run.
///
/// Lifetime: the app must outlive it; it is frozen, and may be used by further clients and servers. Threads: one;
/// each thread may have a client of its own on the same app. Allocates: strings and vectors per request; exchange()
/// does not, once its buffers are large enough. Errors: ConfigError and what App::freeze() throws, from the
/// constructor; ClientError; what a callback on the loop throws.
class Client {
 public:
  static constexpr std::size_t kMaxRedirects = 10;

  explicit Client(App& app, ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Response get(std::string_view target, Headers headers = {});
  Response head(std::string_view target, Headers headers = {});
  Response del(std::string_view target, Headers headers = {});
  Response options(std::string_view target, Headers headers = {});
  Response post(std::string_view target, std::string_view body, Headers headers = {});
  Response put(std::string_view target, std::string_view body, Headers headers = {});
  Response patch(std::string_view target, std::string_view body, Headers headers = {});
  /// POST with application/json.
  Response postJson(std::string_view target, std::string_view json, Headers headers = {});
  /// POST with application/x-www-form-urlencoded; names and values are encoded.
  Response postForm(std::string_view target, const Headers& fields, Headers headers = {});
  /// Any method. Errors: std::invalid_argument for CR, LF or NUL in method, target or a field: such a request
  /// goes through exchange().
  Response send(Request request);

  /// These bytes as they are, well-formed or not, in one piece; returns what the server sends until it needs more
  /// input. Cookies and redirects do not take part. The view is valid until the next call. Empty when the server
  /// waits for the rest of a request.
  std::string_view exchange(std::string_view bytes);
  /// Ends the connection, in the middle of a request or between two; the next call has a new one.
  void disconnect();

  /// Sent with each request that has no field of that name itself; "" removes it.
  void setHeader(std::string_view name, std::string_view value);
  /// The value of a stored cookie. Valid until the next call.
  std::optional<std::string_view> cookie(std::string_view name) const;
  void setCookie(std::string_view name, std::string_view value);
  void clearCookies();

  /// As Server::markUnready().
  void markUnready();
  /// What the server has counted.
  const Monitor& monitor() const;
  /// The worker's loop, on which handlers run: Event::ioContext(). Runs only within calls.
  boost::asio::io_context& ioContext();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace h3::test
