#include "h3http/html.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "h3http/arena.hpp"

TEST_CASE("what has a meaning in HTML is escaped, everything else is as it was") {
  h3::Arena arena;
  const struct {
    std::string_view text, escaped;
  } rows[] = {
      {"", ""},
      {"plain text", "plain text"},
      {"a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;"},
      {"' onload='x", "&#39; onload=&#39;x"},
      {"&amp;", "&amp;amp;"},
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"\xC3\xA4\xE2\x82\xAC`=", "\xC3\xA4\xE2\x82\xAC`="},
      {std::string_view("a\0<", 3), "a\xEF\xBF\xBD&lt;"},
      {std::string_view("\0", 1), "\xEF\xBF\xBD"},
  };
  for (const auto& row : rows) CHECK(h3::escapeHtml(row.text, arena) == row.escaped);
}

TEST_CASE("text without such characters is not copied") {
  h3::Arena arena;
  const std::string text = "nothing to do";
  CHECK(h3::escapeHtml(text, arena).data() == text.data());
  CHECK(arena.usedBytes() == 0);
}
