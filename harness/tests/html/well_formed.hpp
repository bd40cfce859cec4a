// A strict check of the pages, stricter than HTML asks for.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace leakgate::test {

/// A tag with its attributes' names only: a text in a value may look like one.
inline std::string withoutValues(std::string_view tag) {
  std::string names;
  bool inValue = false;
  for (const char c : tag) {
    if (c == '"') inValue = !inValue;
    if (!inValue) names += c;
  }
  return names;
}

/// "" when every element is closed in order, no id occurs twice, every link within the page has its target,
/// and nothing is asked for from elsewhere; else what is wrong. Written for what Markup writes: attributes in
/// double quotes, empty elements with "/>".
inline std::string flawOf(std::string_view html) {
  std::vector<std::string> open;
  std::set<std::string> ids;
  std::vector<std::string> links;
  constexpr std::string_view kDoctype = "<!DOCTYPE html>";
  if (!html.starts_with(kDoctype)) return "no doctype";
  html.remove_prefix(kDoctype.size());
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<')) {
    html.remove_prefix(at + 1);
    const auto end = html.find('>');
    if (end == std::string_view::npos) return "a tag without end";
    const std::string tag(html.substr(0, end));
    html.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "</" + tag.substr(1) + "> closes nothing";
      open.pop_back();
      continue;
    }
    if (tag.find('<') != std::string::npos) return "< within " + tag;
    for (const std::string_view attribute : {" src=\"", " href=\"http", " href=\"javascript", " style=\""})
      if (tag.find(attribute) != std::string::npos) return tag + " has" + std::string(attribute);
    if (withoutValues(tag).find(" on") != std::string::npos) return tag + " has a handler";
    const auto valueOf = [&](const std::string& name) {
      const auto start = tag.find(" " + name + "=\"");
      if (start == std::string::npos) return std::string();
      const auto from = start + name.size() + 3;
      return tag.substr(from, tag.find('"', from) - from);
    };
    if (const auto id = valueOf("id"); !id.empty() && !ids.insert(id).second) return "id twice: " + id;
    if (const auto link = valueOf("href"); link.starts_with('#')) links.push_back(link.substr(1));
    if (tag.ends_with('/')) continue;
    open.push_back(tag.substr(0, tag.find(' ')));
    if (open.back() == "script" || open.back() == "style") {  // raw text, up to its end
      const auto close = html.find("</" + open.back());
      if (close == std::string_view::npos) return open.back() + " without end";
      html.remove_prefix(close);
    }
  }
  for (const auto& link : links)
    if (!ids.contains(link)) return "a link to #" + link + ", which is not there";
  return open.empty() ? "" : "not closed: " + open.back();
}

}  // namespace leakgate::test
