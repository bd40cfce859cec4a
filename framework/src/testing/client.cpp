#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "app/dispatcher.hpp"
#include "app/lifecycle.hpp"
#include "h3http/detail/uri_bytes.hpp"
#include "h3http/testing.hpp"
#include "http/ascii_case.hpp"
#include "monitor/monitor_state.hpp"
#include "session/session_context.hpp"
#include "testing/cookie_jar.hpp"
#include "testing/loopback.hpp"
#include "testing/redirect_target.hpp"
#include "testing/response_reader.hpp"
#include "work/blocking_pool.hpp"

namespace h3::test {
namespace {

constexpr std::uint32_t kDefaultHandlerMs = 5'000;

void checkText(std::string_view what, std::string_view text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    throw std::invalid_argument("test request: CR, LF or NUL in the " + std::string(what) + " \"" +
                                std::string(text) + "\"; send such bytes with exchange()");
}

bool hasHeader(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const auto& field) { return equalsIgnoringCase(field.first, name); });
}

void appendField(std::string& bytes, std::string_view name, std::string_view value) {
  checkText("field name", name);
  checkText("field value", value);
  bytes.append(name).append(": ").append(value).append("\r\n");
}

// application/x-www-form-urlencoded, WHATWG URL 5.2.
void appendEncoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    char escape[3];
    if (c == ' ') {
      out += '+';
    } else if (c != '~' && UriBytes::is(c, UriBytes::kUnreserved)) {
      out += c;
    } else {
      out.append(escape, UriBytes::escape(c, escape));
    }
  }
}

bool usuallyHasBody(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

bool isRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// RFC 9110 15.4: a GET follows, except after 307 and 308. Browsers do so for POST alone with 301 and 302.
void changeMethod(Request& request, int status) {
  const bool toGet = status == 303 ? request.method != "HEAD" : status <= 302 && request.method == "POST";
  if (!toGet) return;
  request.method = "GET";
  request.body.clear();
  std::erase_if(request.headers,
                [](const auto& field) { return equalsIgnoringCase(field.first, "Content-Type"); });
}

}  // namespace

Config clientConfig() {
  Config config = Config::testing();
  config.timeouts.handlerMs = kDefaultHandlerMs;
  return config;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& field : headers)
    if (equalsIgnoringCase(field.first, name)) return field.second;
  return std::nullopt;
}

std::size_t Response::headerCount(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [name](const auto& f) { return equalsIgnoringCase(f.first, name); }));
}

// The order of the members is that of server::Worker: what handlers hold is destroyed with the loop, before
// the pools that it came from.
struct Client::Impl {
  Impl(App& served, ClientOptions settings)
      : app(served),
        options(std::move(settings)),
        blocking(options.config.blocking),
        context(options.config, Dispatcher::of(served), monitor, addWorker()),
        work(loop.get_executor()),
        inputs(context.services.memory.buffers()),
        outputs(context.services.memory.buffers()) {
    context.services.ioContext = &loop;
    context.services.blocking = &blocking;
    context.services.publishesPool = true;
    context.services.stopping = &stopping;
    Lifecycle::of(app).start(loop);
  }

  ~Impl() {
    leave();
    blocking.stop();
    Lifecycle::of(app).stop();
    link.reset();
    handlersOfClosed.clear();
  }

  WorkerCounters& addWorker() {
    std::vector<RouteName> routes;
    for (const Route& route : Dispatcher::of(app).routes())
      routes.push_back({std::string(route.methodText()), route.pattern});
    MonitorState::of(monitor).setRoutes(std::move(routes), options.config.monitor.enabled);
    return MonitorState::of(monitor).addWorker();
  }

  void exchange(std::string_view bytes) {
    received.clear();
    std::erase_if(handlersOfClosed, [](const auto& old) { return old->isUnused(); });
    if (link == nullptr || !link->isOpen()) {
      keepUntilUnused(std::exchange(link, nullptr));
      link = std::make_unique<Loopback>(context, loop, inputs, outputs, options.clientAddress);
      context.services.counters.add(Metric::connectionsAccepted);
    }
    link->exchange(bytes, received);
    if (!link->isOpen()) context.services.counters.add(Metric::connectionsClosed);
    runReady();
    context.services.publish();
  }

  // What handlers have left to run on the loop. Not the rest of deferred handlers: that waits for events.
  void runReady() {
    loop.restart();
    loop.poll();
  }

  void keepUntilUnused(std::unique_ptr<Loopback> old) {
    if (old != nullptr && !old->isUnused()) handlersOfClosed.push_back(std::move(old));
  }

  // Cancels what deferred handlers wait for; they end if they listen to that.
  void leave() noexcept {
    try {
      if (link != nullptr) link->close();
      runReady();
    } catch (...) {  // of a callback, which has no test to report to any more
    }
  }

  std::string bytesOf(const Request& request) {
    checkText("method", request.method);
    checkText("target", request.target);
    std::string bytes = request.method + ' ' + request.target + " HTTP/1.1\r\n";
    if (!hasHeader(request.headers, "Host")) appendField(bytes, "Host", options.host);
    for (const auto& [name, value] : defaults)
      if (!hasHeader(request.headers, name)) appendField(bytes, name, value);
    if (options.keepCookies && !hasHeader(request.headers, "Cookie")) {
      const std::string field = jar.fieldFor(request.target, std::time(nullptr));
      if (!field.empty()) appendField(bytes, "Cookie", field);
    }
    for (const auto& [name, value] : request.headers) appendField(bytes, name, value);
    const bool framed =
        hasHeader(request.headers, "Content-Length") || hasHeader(request.headers, "Transfer-Encoding");
    if (!framed && (!request.body.empty() || usuallyHasBody(request.method)))
      appendField(bytes, "Content-Length", std::to_string(request.body.size()));
    return bytes.append("\r\n").append(request.body);
  }

  Response roundTrip(const Request& request) {
    exchange(bytesOf(request));
    try {
      Response response = readResponse(received, request.method == "HEAD", !link->isOpen());
      response.target = request.target;
      if (options.keepCookies)
        for (const auto& [name, value] : response.headers)
          if (equalsIgnoringCase(name, "Set-Cookie"))
            jar.store(value, options.host, request.target, std::time(nullptr));
      return response;
    } catch (const ClientError& error) {
      throw ClientError(request.method + ' ' + request.target + ": " + error.what() +
                        (link->wasCut() ? "; the server cut the connection within a body" : ""));
    }
  }

  App& app;
  const ClientOptions options;
  Monitor monitor;
  BlockingPool blocking;
  std::atomic<bool> stopping{false};
  session::SessionContext context;
  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  BufferShelf inputs;
  BufferShelf outputs;
  std::unique_ptr<Loopback> link;
  std::vector<std::unique_ptr<Loopback>> handlersOfClosed;  ///< connections whose handler has not ended yet
  std::string received;
  Headers defaults;
  CookieJar jar;
};

Client::Client(App& app, ClientOptions options) {
  options.config.validate();
  impl_ = std::make_unique<Impl>(app, std::move(options));
}

Client::~Client() = default;

Response Client::send(Request request) {
  Response response = impl_->roundTrip(request);
  if (!impl_->options.followRedirects) return response;
  for (std::size_t followed = 1; isRedirect(response.status) && response.header("Location"); ++followed) {
    const std::string location(*response.header("Location"));
    if (followed > kMaxRedirects)
      throw ClientError(request.method + ' ' + request.target + ": more than " +
                        std::to_string(kMaxRedirects) + " redirects, the last to \"" + location + '"');
    const auto next = redirectTarget(request.target, location, impl_->options.host);
    if (!next)
      throw ClientError(request.method + ' ' + request.target + ": redirected to \"" + location +
                        "\", expected a target of \"" + impl_->options.host + '"');
    changeMethod(request, response.status);
    request.target = *next;
    response = impl_->roundTrip(request);
    response.redirects = followed;
  }
  return response;
}

Response Client::get(std::string_view target, Headers headers) {
  return send({"GET", std::string(target), std::move(headers), {}});
}
Response Client::head(std::string_view target, Headers headers) {
  return send({"HEAD", std::string(target), std::move(headers), {}});
}
Response Client::del(std::string_view target, Headers headers) {
  return send({"DELETE", std::string(target), std::move(headers), {}});
}
Response Client::options(std::string_view target, Headers headers) {
  return send({"OPTIONS", std::string(target), std::move(headers), {}});
}
Response Client::post(std::string_view target, std::string_view body, Headers headers) {
  return send({"POST", std::string(target), std::move(headers), std::string(body)});
}
Response Client::put(std::string_view target, std::string_view body, Headers headers) {
  return send({"PUT", std::string(target), std::move(headers), std::string(body)});
}
Response Client::patch(std::string_view target, std::string_view body, Headers headers) {
  return send({"PATCH", std::string(target), std::move(headers), std::string(body)});
}

Response Client::postJson(std::string_view target, std::string_view json, Headers headers) {
  if (!hasHeader(headers, "Content-Type")) headers.emplace_back("Content-Type", "application/json");
  return post(target, json, std::move(headers));
}

Response Client::postForm(std::string_view target, const Headers& fields, Headers headers) {
  std::string body;
  for (const auto& [name, value] : fields) {
    if (!body.empty()) body += '&';
    appendEncoded(body, name);
    body += '=';
    appendEncoded(body, value);
  }
  if (!hasHeader(headers, "Content-Type"))
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return post(target, body, std::move(headers));
}

std::string_view Client::exchange(std::string_view bytes) {
  impl_->exchange(bytes);
  return impl_->received;
}

void Client::disconnect() {
  if (impl_->link != nullptr && impl_->link->isOpen()) {
    impl_->link->close();
    impl_->context.services.counters.add(Metric::connectionsClosed);
  }
  impl_->runReady();
}

void Client::setHeader(std::string_view name, std::string_view value) {
  checkText("field name", name);
  checkText("field value", value);
  std::erase_if(impl_->defaults, [name](const auto& field) { return equalsIgnoringCase(field.first, name); });
  if (!value.empty()) impl_->defaults.emplace_back(std::string(name), std::string(value));
}

std::optional<std::string_view> Client::cookie(std::string_view name) const { return impl_->jar.find(name); }
void Client::setCookie(std::string_view name, std::string_view value) { impl_->jar.set(name, value); }
void Client::clearCookies() { impl_->jar.clear(); }
void Client::markUnready() { impl_->stopping.store(true, std::memory_order_relaxed); }
const Monitor& Client::monitor() const { return impl_->monitor; }
boost::asio::io_context& Client::ioContext() { return impl_->loop; }

}  // namespace h3::test
