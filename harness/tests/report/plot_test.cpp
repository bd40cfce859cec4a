#include "report/plot.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

using PlotValues = std::vector<std::optional<double>>;

TEST_CASE("a sparkline has a character for each value, as high as it") {
  const PlotValues values{0, 1, 2, 3, 4, 5, 6, 7};
  CHECK(sparkline(values, 80, Charset::utf8) == "▁▂▃▄▅▆▇█");
  CHECK(sparkline(values, 80, Charset::ascii) == "_.-~=+*#");
  CHECK(sparkline(PlotValues{1, std::nullopt, 3}, 80, Charset::ascii) == "_ #");
  CHECK(sparkline(PlotValues{5, 5, 5}, 80, Charset::ascii) == "___");
  CHECK(sparkline(PlotValues{std::nullopt}, 80, Charset::ascii) == "");
  CHECK(sparkline({}, 80, Charset::ascii) == "");
}

TEST_CASE("more values than columns share them") {
  PlotValues values(1000, 1.0);
  std::fill(values.begin() + 500, values.end(), 2.0);
  CHECK(sparkline(values, 10, Charset::ascii) == "_____#####");
}

TEST_CASE("a plot names its largest and smallest value, and marks changes") {
  const PlotValues values{1, 1, std::nullopt, 3, 3};
  CHECK(plot(values, {30, 3, Charset::ascii, "blocks", {3}}) ==
        "3 blocks |   **\n"
        "         |\n"
        "1 blocks |**\n"
        "             ^\n");
  CHECK(plot(PlotValues{std::nullopt}, {}) == "");
}

TEST_CASE("a plot is no wider than its columns") {
  const PlotValues values(500, 123456789.0);
  std::string line;
  const std::string text = plot(values, {40, 4, Charset::ascii, "B", {499}});
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    CHECK(end - from <= 40);
    from = end + 1;
  }
  CHECK(text.find('^') != std::string::npos);
}

TEST_CASE("UTF-8 is written only where the locale says so") {
  const auto with = [](const char* all, const char* type, const char* lang) {
    ::setenv("LC_ALL", all, 1);
    ::setenv("LC_CTYPE", type, 1);
    ::setenv("LANG", lang, 1);
    return charsetOfLocale();
  };
  CHECK((with("", "", "C.UTF-8") == Charset::utf8));
  CHECK((with("", "de_DE.utf8", "C") == Charset::utf8));
  CHECK((with("C", "", "C.UTF-8") == Charset::ascii));
  CHECK((with("", "", "") == Charset::ascii));
}
