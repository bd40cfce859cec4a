// Writes OpenAPI documents, one a line: for validate.mjs.
#include <cstdio>
#include <string>

#include "h3http/testing.hpp"
#include "sample_app.hpp"

int main() {
  h3::App empty;
  h3::openApi(empty, {.title = "Empty", .version = "0"});
  h3::App sample;
  h3::openApi(sample, h3::test::sampleOptions());
  h3::test::addSampleRoutes(sample);
  for (h3::App* app : {&empty, &sample})
    std::puts(std::string(h3::test::Client(*app).get("/openapi.json").body).c_str());
}
