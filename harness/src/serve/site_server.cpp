#include "serve/site_server.hpp"

#include <boost/system/system_error.hpp>
#include <functional>
#include <h3http/h3.hpp>

#include "html/page_script.hpp"
#include "html/page_style.hpp"
#include "report/hash.hpp"
#include "scenario/input_error.hpp"
#include "serve/local_host.hpp"

namespace leakgate {

namespace {

using Respond = std::function<SiteResponse(h3::Event&)>;

constexpr std::size_t kMaxConnections = 64;
constexpr std::uint32_t kDrainMs = 2'000;

// Nothing but the server's own style and scripts: a name that became markup in spite of all could run nothing, and
// send nothing anywhere.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string valueOf(h3::Event& event, std::string_view name) {
  return std::string(event.getQuery(name).value_or(""));
}

void send(h3::Event& event, const SiteResponse& response) {
  const std::string tag = "\"" + response.tag + "\"";
  event.setHeader("ETag", tag);
  event.setHeader("Cache-Control", "no-cache");  // kept, and asked about each time
  if (response.unfinished) event.setHeader("Refresh", "1");
  if (response.status == 200 && event.getHeader("If-None-Match") == tag) {
    event.sendNothing(304);
    return;
  }
  event.setStatus(response.status);
  event.sendBytes(response.text, response.contentType);
}

SiteResponse responseOf(h3::Event& event, const Respond& respond) {
  const bool json = event.path().starts_with("/api/");
  try {
    return respond(event);
  } catch (const InputError& error) {
    return errorResponse(404, error.what(), json);
  } catch (const DatabaseError& error) {
    return errorResponse(503, error.what(), json);
  }
}

void addPage(h3::App& app, std::string_view path, Respond respond) {
  app.get(path,
          [respond = std::move(respond)](h3::Event& event) { send(event, responseOf(event, respond)); });
}

void addAsset(h3::App& app, std::string_view path, std::string_view text, const char* contentType) {
  addPage(app, path,
          [asset = SiteResponse{200, contentType, std::string(text), hashOf({std::string(text)}), false}](
              h3::Event&) { return asset; });
}

void addGuards(h3::App& app) {
  h3::SecurityHeadersOptions headers;
  headers.contentSecurityPolicy = kPolicy;
  app.useFast(h3::securityHeaders(std::move(headers)));
  app.useFast([](h3::Event& event) {
    event.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (isLocalHost(event.host())) return h3::FastResult::next;
    event.setStatus(421);  // Misdirected Request: RFC 9110 15.5.20
    event.sendText("leakgate serve responds to localhost and 127.0.0.1 only.\n");
    return h3::FastResult::stop;
  });
}

void addRoutes(h3::App& app, HistorySite& site) {
  using h3::Event;
  addPage(app, "/", [&](Event&) { return site.overview(); });
  addPage(app, "/trend", [&](Event& e) { return site.trend(valueOf(e, "scenario"), valueOf(e, "series")); });
  addPage(app, "/run", [&](Event& e) { return site.run(valueOf(e, "id")); });
  addPage(app, "/diff", [&](Event& e) { return site.diff(valueOf(e, "before"), valueOf(e, "after")); });
  addPage(app, "/report", [&](Event& e) { return site.report(valueOf(e, "id")); });
  addPage(app, "/api/state", [&](Event&) { return site.stateJson(); });
  addPage(app, "/api/runs", [&](Event& e) { return site.runsJson(valueOf(e, "scenario")); });
  addPage(app, "/api/run", [&](Event& e) { return site.runJson(valueOf(e, "id")); });
  addPage(app, "/api/trend",
          [&](Event& e) { return site.trendJson(valueOf(e, "scenario"), valueOf(e, "series")); });
  addPage(app, "/api/reports", [&](Event&) { return site.reportsJson(); });
  addPage(app, "/api/report", [&](Event& e) { return site.reportJson(valueOf(e, "id")); });
  addAsset(app, "/style.css", pageStyle(), "text/css; charset=utf-8");
  addAsset(app, "/script.js", pageScript(), "text/javascript; charset=utf-8");
  addAsset(app, "/watch.js", watchScript(), "text/javascript; charset=utf-8");
}

h3::App appOf(HistorySite& site) {
  h3::App app;
  addGuards(app);
  addRoutes(app, site);
  return app;
}

h3::Config configOf(std::uint16_t port) {
  h3::Config config = h3::Config::production();
  config.address = "127.0.0.1";
  config.port = port;
  config.threads = 1;  // the site has one owner
  config.limits.connections = config.limits.connectionsPerAddress = kMaxConnections;
  config.limits.bodyBytes = 0;
  config.timeouts.drainMs = kDrainMs;
  config.monitor.enabled = false;
  return config;
}

}  // namespace

struct SiteServer::Impl {
  Impl(HistorySite& site, std::uint16_t port) : app(appOf(site)), server(app, configOf(port)) {}

  h3::App app;
  h3::Server server;
};

SiteServer::SiteServer(HistorySite& site, std::uint16_t port) {
  try {
    impl_ = std::make_unique<Impl>(site, port);
  } catch (const boost::system::system_error& error) {
    throw InputError("--port", "", std::to_string(port) + " (" + error.code().message() + ")", "a free port",
                     "--port 0 lets the system choose one");
  }
}

SiteServer::~SiteServer() = default;

void SiteServer::start() { impl_->server.start(); }

std::string SiteServer::address() const {
  return "http://127.0.0.1:" + std::to_string(impl_->server.port()) + "/";
}

}  // namespace leakgate
