#include "html/page.hpp"

#include "html/page_script.hpp"
#include "html/page_style.hpp"

namespace leakgate {

namespace {

void addHead(Markup& markup, const PageHead& head) {
  const auto element = markup.open("head");
  markup.empty("meta", {{"charset", "utf-8"}});
  markup.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  markup.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  markup.element("title", head.title);
  if (!head.site.assets.empty()) {
    markup.empty("link", {{"rel", "stylesheet"}, {"href", head.site.assets + "style.css"}});
    return;
  }
  const auto style = markup.open("style");
  markup.trusted(pageStyle());
}

void addTrail(Markup& markup, const PageSite& site) {
  if (site.trail.empty()) return;
  const auto trail = markup.open("nav", {{"class", "trail"}, {"aria-label", "pages above"}});
  for (const PageLink& link : site.trail) markup.element("a", link.text, {{"href", link.address}});
}

void addVerdict(Markup& markup, const PageHead& head) {
  const auto header = markup.open("header");
  {
    const auto line = markup.open("h1");
    if (!head.label.empty()) {
      markup.element("span", head.label, {{"class", "verdict " + head.tone}});
      markup.text(" ");
    }
    markup.element("span", head.heading);
  }
  markup.element("p", head.summary, {{"class", "muted"}});
}

void addList(Markup& markup, const std::vector<PageParts::Entry>& parts) {
  if (parts.size() < 2) return;
  const auto list = markup.open("nav", {{"aria-label", "parts of this page"}});
  for (const auto& part : parts) {
    markup.element("a", part.title, {{"href", "#" + part.id}});
    markup.text(" ");
  }
}

Markup::Open openBody(Markup& markup, const PageSite& site) {
  if (site.state.empty()) return markup.open("body");
  return markup.open("body", {{"data-state", site.state}});
}

void addScript(Markup& markup, const PageSite& site) {
  if (site.assets.empty()) {
    const auto script = markup.open("script");
    markup.trusted(pageScript());
    return;
  }
  const auto add = [&](const std::string& file) {
    const auto script = markup.open("script", {{"src", site.assets + file}});
  };
  add("script.js");
  if (!site.state.empty()) add("watch.js");
}

}  // namespace

std::string toneOf(Outcome outcome) {
  if (outcome == Outcome::pass) return "pass";
  return outcome == Outcome::fail ? "fail" : "warn";
}

void PageParts::add(const std::string& id, const std::string& title,
                    const std::function<void(Markup&)>& content) {
  list_.push_back({id, title});
  const auto section = markup_.open("section", {{"id", id}});
  markup_.element("h2", title);
  content(markup_);
}

std::string pageText(const PageHead& head, PageParts& parts, const std::string& data) {
  Markup markup;
  markup.trusted("<!DOCTYPE html>");
  {
    const auto html = markup.open("html", {{"lang", "en"}});
    addHead(markup, head);
    const auto element = openBody(markup, head.site);
    addTrail(markup, head.site);
    addVerdict(markup, head);
    addList(markup, parts.list());
    {
      const auto main = markup.open("main");
      markup.trusted(parts.take());
    }
    markup.trusted(data);
    addScript(markup, head.site);
  }
  return markup.take() + "\n";
}

}  // namespace leakgate
