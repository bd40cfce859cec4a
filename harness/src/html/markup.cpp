#include "html/markup.hpp"

#include <algorithm>

#include "scenario/printable.hpp"

namespace leakgate {

namespace {

std::string_view entityOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return "";
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string shown = printable(wholeCharacters(text, kMaxShownBytes));
  if (text.size() > kMaxShownBytes) shown += "...";
  std::string html;
  html.reserve(shown.size());
  for (const char c : shown) {
    const std::string_view entity = entityOf(c);
    if (entity.empty()) {
      html += c;
    } else {
      html += entity;
    }
  }
  return html;
}

Markup::Open::~Open() {
  markup_.html_ += "</";
  markup_.html_ += tag_;
  markup_.html_ += '>';
}

void Markup::start(std::string_view tag, Attributes attributes) {
  html_ += '<';
  html_ += tag;
  for (const Attribute& attribute : attributes) {
    html_ += ' ';
    html_ += attribute.name;
    html_ += "=\"";
    html_ += escaped(attribute.value);
    html_ += '"';
  }
}

Markup::Open Markup::open(std::string_view tag, Attributes attributes) {
  html_ += '\n';
  return openInline(tag, attributes);
}

Markup::Open Markup::openInline(std::string_view tag, Attributes attributes) {
  start(tag, attributes);
  html_ += '>';
  return {*this, tag};
}

void Markup::element(std::string_view tag, std::string_view text, Attributes attributes) {
  const auto element = openInline(tag, attributes);
  html_ += escaped(text);
}

void Markup::empty(std::string_view tag, Attributes attributes) {
  start(tag, attributes);
  html_ += "/>";
}

}  // namespace leakgate
