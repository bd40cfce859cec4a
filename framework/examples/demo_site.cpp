#include "demo_site.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace demo {
namespace {

using h3::Event;

constexpr std::string_view kHtml = "text/html; charset=utf-8";

/// Filler of a fixed size, made once: what a static file would be.
const std::string& filler() {
  static const std::string text(32 * 1024, '.');
  return text;
}

h3::Handler asset(std::size_t bytes, std::string_view contentType) {
  return [bytes, contentType](Event& event) {
    event.setHeader("Cache-Control", "public, max-age=3600");
    event.sendView(std::string_view(filler()).substr(0, bytes), contentType);
  };
}

void page(Event& event, std::string_view title) {
  // JSON and not HTML: the title comes from the path, and sendJson() escapes it.
  h3::JsonWriter data(event.arena());
  data.beginObject().member("title", title).member("path", event.path()).endObject();
  event.sendJson(data);
}

}  // namespace

void addSite(h3::App& app) {
  app.get("/", [](Event& event) { event.sendView("<!doctype html><title>home</title>", kHtml); });
  app.get("/blog", [](Event& event) { page(event, "blog"); });
  app.get("/blog/", [](Event& event) { page(event, "blog"); });
  app.get("/blog/tags/:tag", [](Event& event) { page(event, *event.getParam("tag")); });
  app.get("/blog/:section/:article", [](Event& event) { page(event, *event.getParam("article")); });
  app.get("/blog/**:rest", [](Event& event) { page(event, *event.getParam("rest")); });
  app.get("/articles/**:rest", [](Event& event) { page(event, *event.getParam("rest")); });
  app.get("/projects/**:rest", [](Event& event) { page(event, *event.getParam("rest")); });
  app.get("/about/", [](Event& event) { page(event, "about"); });
  app.get("/presentations/**:file", asset(24 * 1024, "application/octet-stream"));
  app.get("/files/**:file", asset(32 * 1024, "application/octet-stream"));
  app.get("/images/:name", asset(8 * 1024, "image/png"));
  app.get("/icons/:name", asset(512, "image/png"));
  app.get("/scripts/**:file", asset(4 * 1024, "text/javascript"));
  app.get("/misc/**:file", asset(1024, "text/plain"));
  app.get("/favicon.ico", asset(3638, "image/x-icon"));
  app.get("/robots.txt", asset(64, "text/plain"));
  for (const std::string_view sheet : {"/style2.css", "/reset.css", "/resume.css"})
    app.get(sheet, asset(2048, "text/css"));
  app.get("/kibana/", [](Event& event) { event.redirect("/presentations/", 301); });
}

}  // namespace demo
