#include "h3http/openapi.hpp"

#include <memory>
#include <utility>

#include "openapi/document.hpp"

namespace h3 {

void openApi(App& app, OpenApiOptions options) {
  const auto text = std::make_shared<std::string>();
  app.get(options.path, [text](Event& event) { event.sendView(*text, "application/json"); }).hidden();
  app.onFreeze([text, kept = std::move(options)](const App& frozen) {
    *text = openapi::documentOf(frozen.routeInfos(), kept);
  });
}

}  // namespace h3
