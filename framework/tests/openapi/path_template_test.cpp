#include "openapi/path_template.hpp"

#include <doctest/doctest.h>

using h3::openapi::expressionOf;
using h3::openapi::templatesOf;

TEST_CASE("patterns as paths") {
  const struct {
    const char* pattern;
    const char* last;
    const char* shape;
    std::size_t count;
  } cases[] = {{"/", "/", "/", 1},
               {"/a/", "/a/", "/a/", 1},
               {"/:a", "/{a}", "/{}", 1},
               {"/x/:a?", "/x/{a}", "/x/{}", 2},
               {"/:a?", "/{a}", "/{}", 2},
               {"/*/b/*", "/{segment1}/b/{segment2}", "/{}/b/{}", 1},
               {"/:segment1/*", "/{segment1}/{segment1_}", "/{}/{}", 1},
               {"/**", "/{rest}", "/{}", 1}};
  for (const auto& row : cases) {
    CAPTURE(row.pattern);
    const auto paths = templatesOf(row.pattern);
    CHECK(paths.size() == row.count);
    CHECK(paths.back().text() == row.last);
    CHECK(paths.back().shape() == row.shape);
  }
  CHECK(templatesOf("/x/:a?")[0].text() == "/x");
  CHECK(templatesOf("/:a?")[0].text() == "/");
}

TEST_CASE("constraints as expressions with the u flag") {
  const char* const cases[][2] = {{"\\d+", "\\d+"}, {"[a-z_\\-]{2,4}", "[a-z_\\-]{2,4}"},
                                  {"a\\-b", "a-b"}, {"v\\.1", "v\\.1"},
                                  {"a]", "a\\]"},   {"\\w\\%", "\\w%"}};
  for (const auto& row : cases) {
    CAPTURE(row[0]);
    CHECK(expressionOf(row[0]) == row[1]);
  }
}
