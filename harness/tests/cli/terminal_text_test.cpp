#include "cli/terminal_text.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace leakgate;

TEST_CASE("long lines are broken at words, under the text that they belong to") {
  const std::string text =
      "LEAK  specimen::Event::setContext  +1.000 blocks, +64.0 B per request of step login (800 requests)\n"
      "      trigger: every request of step login, whatever its headers are and however it is sent\n"
      "  looked       8,000 requests and 2.0 s idle; finds a block in 1,500 requests with 99 %\n"
      "short\n";
  CHECK(wrapText(text, 60) ==
        "LEAK  specimen::Event::setContext  +1.000 blocks, +64.0 B\n"
        "      per request of step login (800 requests)\n"
        "      trigger: every request of step login, whatever its\n"
        "        headers are and however it is sent\n"
        "  looked       8,000 requests and 2.0 s idle; finds a block\n"
        "               in 1,500 requests with 99 %\n"
        "short\n");
  CHECK(wrapText(text, 0) == text);
  CHECK(wrapText("no newline at the end", 80) == "no newline at the end");
  std::istringstream lines(wrapText(text, 80));
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}

TEST_CASE("a command is broken so that a shell still reads it as one") {
  const std::string line =
      "  reproduce    build/bin/leakgate run scenarios/a.json --requests 800 --target 'my server --port "
      "{port}'\n";
  CHECK(wrapText(line, 60) ==
        "  reproduce    build/bin/leakgate run scenarios/a.json \\\n"
        "               --requests 800 --target \\\n"
        "               'my server --port {port}'\n");
}

TEST_CASE("rows of tables and long words stay whole") {
  const std::string row =
      "scenario  verdict  requests  live growth  allocs/request  p99  CPU/request  time\n";
  CHECK(wrapText(row, 40) == row);
  const std::string word = "  report       /a/very/long/path/that/has/no/blank/in/it/at/all/report.json\n";
  CHECK(wrapText(word, 40) == word);
}
