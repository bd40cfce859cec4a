#include "html/site_table.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "html/html_table.hpp"
#include "report/finding_text.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownSites = 12;

std::string nameOf(const Place& place) {
  std::string name = place.function.empty() ? place.module : place.function;
  if (!place.file.empty()) name += fmt::format(" {}:{}", place.file, place.line);
  return place.scope.empty() ? name : name + ", scope " + place.scope;
}

std::string growthText(std::int64_t growth) { return (growth > 0 ? "+" : "") + withThousands(growth); }

std::vector<HtmlCell> rowOf(const SiteSummary& site, double requests) {
  return {{nameOf(site.place)},
          {fmt::format("{:.4g}", static_cast<double>(site.allocations) / requests)},
          {fmt::format("{:.4g} B", static_cast<double>(site.allocatedBytes) / requests)},
          {withThousands(site.liveBytes) + " B"},
          {growthText(site.bytesGrowth) + " B", site.bytesGrowth > 0 ? "" : "muted"}};
}

HtmlTable emptySiteTable(std::string caption) {
  return {std::move(caption),
          {{"place"},
           {"allocations/request", Align::right},
           {"bytes/request", Align::right},
           {"live at the end", Align::right},
           {"growth", Align::right}},
          {}};
}

}  // namespace

void addSites(Markup& markup, const Report& report) {
  std::vector<SiteSummary> sites = report.sites;
  std::stable_sort(sites.begin(), sites.end(), [](const SiteSummary& a, const SiteSummary& b) {
    return a.allocations != b.allocations ? a.allocations > b.allocations : a.liveBytes > b.liveBytes;
  });
  const double requests = static_cast<double>(std::max<std::uint64_t>(1, report.look.requests));
  HtmlTable most = emptySiteTable("Places by allocations per request");
  HtmlTable others = emptySiteTable("Other places");
  for (std::size_t i = 0; i < sites.size(); ++i)
    (i < kShownSites ? most : others).rows.push_back(rowOf(sites[i], requests));
  addTable(markup, most);
  if (others.rows.empty()) return;
  const auto details = markup.open("details");
  markup.element("summary", fmt::format("{} more places", others.rows.size()));
  addTable(markup, others);
}

}  // namespace leakgate
