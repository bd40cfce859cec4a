// The frame of every page: head, style, the verdict, a list of its parts, and the data at its end.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metric.hpp"
#include "html/markup.hpp"
#include "html/source_excerpt.hpp"
#include "report/verdict.hpp"

namespace leakgate {

struct PageLink {
  std::string text;
  std::string address;
};

/// The site that a page is served from; a page in a file has none, and carries its style and script.
struct PageSite {
  std::string assets = {};           ///< folder of style.css, script.js and watch.js: "/"; "" for none
  std::vector<PageLink> trail = {};  ///< the pages above this one, the first one first
  std::string state =
      {};  ///< of what it shows; watch.js says when the site has another. "": it never changes
};

/// What a page shows besides its report.
struct PageContext {
  SourceReader readSource = {};              ///< without one, no source lines
  std::vector<Metric> baselineMetrics = {};  ///< empty without a baseline
  std::string idPrefix = {};                 ///< of the findings' ids: differs between the reports of a page
  PageSite site = {};
};

struct PageHead {
  std::string title;    ///< "FAIL  login", of the browser's tab
  std::string heading;  ///< "login"
  std::string label;    ///< "FAIL"; "" for none
  std::string tone;     ///< "pass", "fail", "warn": of the label
  std::string summary;  ///< one line below it
  PageSite site = {};
};

/// "pass" for a pass, "fail" for a failure, else "warn".
std::string toneOf(Outcome outcome);

/// The parts of a page in order, each with a heading that the page's list of parts leads to.
class PageParts {
 public:
  /// `id`: of letters, an address within the page.
  void add(const std::string& id, const std::string& title, const std::function<void(Markup&)>& content);

  /// For what stands before the first part.
  Markup& markup() { return markup_; }

  std::string take() { return markup_.take(); }

  struct Entry {
    std::string id;
    std::string title;
  };
  const std::vector<Entry>& list() const { return list_; }

 private:
  Markup markup_;
  std::vector<Entry> list_;
};

/// A whole document. `data`: blocks, see dataBlock().
std::string pageText(const PageHead& head, PageParts& parts, const std::string& data);

}  // namespace leakgate
