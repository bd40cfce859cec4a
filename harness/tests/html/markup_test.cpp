#include "html/markup.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("text and attributes are escaped") {
  CHECK(escaped("a<b> & \"c\" 'd'") == "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  CHECK(escaped("\x1b[31m\x7f\xc2\x9b") == "\\x1b[31m\\x7f\\x9b");
  CHECK(escaped("a\u202eb") == "a\\u202eb");
  CHECK(escaped("\xff\xfe") == "\\xff\\xfe");
  CHECK(escaped("größe 漢字") == "größe 漢字");
  Markup markup;
  markup.element("a", "</a><script>", {{"href", "\"><script>alert(1)</script>"}});
  CHECK(markup.take() ==
        "<a href=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">&lt;/a&gt;&lt;script&gt;</a>");
}

TEST_CASE("a long name is cut, between characters") {
  CHECK(escaped(std::string(kMaxShownBytes, 'a')).size() == kMaxShownBytes);
  CHECK(escaped(std::string(1U << 20, 'a')) == std::string(kMaxShownBytes, 'a') + "...");
  std::string odd(kMaxShownBytes - 1, 'a');
  CHECK(escaped(odd + "\u00e4") == odd + "...");
}

TEST_CASE("an element is closed when its scope ends") {
  Markup markup;
  {
    const auto list = markup.openInline("ul");
    const auto item = markup.openInline("li", {{"class", "x"}});
    markup.text("a");
    markup.empty("br");
  }
  CHECK(markup.take() == "<ul><li class=\"x\">a<br/></li></ul>");
}
