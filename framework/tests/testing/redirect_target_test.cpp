#include "testing/redirect_target.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("where a Location leads") {
  const struct {
    std::string_view current, location, next;  // "-": elsewhere
  } cases[] = {
      {"/a/b?c", "/x", "/x"},
      {"/a/b?c", "x", "/a/x"},
      {"/a/b?c", "x/y?z", "/a/x/y?z"},
      {"/a/b?c=/d/", "x", "/a/x"},
      {"/a/b?c", "?d", "/a/b?d"},
      {"/a/b?c", "", "/a/b?c"},
      {"/a/b?c", "#part", "/a/b?c"},
      {"/a/b", "/x#part", "/x"},
      {"/a/b", "../x", "/a/../x"},
      {"/a", "http://test/x", "/x"},
      {"/a", "HTTPS://TEST/x?y", "/x?y"},
      {"/a", "http://test", "/"},
      {"/a", "http://test?q", "/?q"},
      {"/a", "//test/x", "/x"},
      {"/a", "http://test.evil/x", "-"},
      {"/a", "http://test@evil/x", "-"},
      {"/a", "//evil/x", "-"},
      {"/a", "javascript:alert(1)", "-"},
      {"/a", "http:x", "-"},
      {"/a/", "x:80", "-"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.current);
    CAPTURE(c.location);
    CHECK(h3::test::redirectTarget(c.current, c.location, "test").value_or("-") == c.next);
  }
}
