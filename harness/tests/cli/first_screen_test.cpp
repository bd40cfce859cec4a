#include "cli/first_screen.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "cli/gate_text.hpp"
#include "replay/measure_error.hpp"
#include "report/sample_report.hpp"
#include "session/fake_gate.hpp"

using namespace leakgate;

namespace {

std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

RedReason reasonNumber(int number, const std::string& scenario) {
  return {RedKind::count,
          0,
          scenario,
          "WORSE  metric_" + std::to_string(number) + " is 3 blocks, was 0 blocks",
          "most by login src/login.cpp:12, 3 a request",
          "leakgate gate " + scenario};
}

std::vector<RedReason> reasonsOf(int count, int perScenario) {
  std::vector<RedReason> reasons;
  for (int i = 0; i < count; ++i)
    reasons.push_back(reasonNumber(i, "scenario_" + std::to_string(i / perScenario)));
  return reasons;
}

}  // namespace

TEST_CASE("all reasons fit on one screen, with as much about each as there is room for") {
  CHECK(firstScreen({}).empty());
  struct Row {
    int reasons;
    int perScenario;
    std::size_t commands;
    bool places;
  };
  for (const Row& row : {Row{1, 1, 1, true}, Row{7, 1, 7, true}, Row{9, 9, 1, true}, Row{18, 3, 1, false},
                         Row{500, 3, 1, false}}) {
    CAPTURE(row.reasons);
    const std::string text = firstScreen(reasonsOf(row.reasons, row.perScenario));
    const auto lines = linesOf(text);
    CHECK(lines.size() <= kScreenLines);
    CHECK(std::all_of(lines.begin(), lines.end(),
                      [](const auto& line) { return line.size() <= kScreenColumns; }));
    CHECK(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
            return line.find("reproduce  ") != std::string::npos;
          }) == static_cast<std::ptrdiff_t>(row.commands));
    CHECK((text.find("src/login.cpp:12") != std::string::npos) == row.places);
    const int shown = std::min(row.reasons, 18);
    for (int i = 0; i < shown; ++i)
      CHECK(text.find("metric_" + std::to_string(i) + " ") != std::string::npos);
  }
  CHECK(firstScreen(reasonsOf(500, 3)).find("\n   and 482 more, above\n") != std::string::npos);
}

TEST_CASE("long lines are broken, commands so that they can be copied") {
  RedReason reason = reasonNumber(1, "login");
  reason.what = "LEAK  " + std::string(60, 'f') + "  +1.000 blocks, +17 B per request of step login";
  reason.reproduce =
      "build/release/bin/leakgate run scenarios/login.json --depth stacks --suppressions known.supp";
  const std::string text = firstScreen({reason});
  for (const auto& line : linesOf(text)) CHECK(line.size() <= kScreenColumns);
  CHECK(text.find(" \\\n") != std::string::npos);
}

TEST_CASE("the screen is the end of the gate's text") {
  FakeGate gate;
  gate.add("leaky", [] { return leakyReport(); });
  gate.add("dead", []() -> Report { throw MeasureError("the target died"); });
  const std::string text = gateText(gate.run(), {12});
  const auto at =
      text.find("\nRED  2 reasons in 2 scenarios, the worst first:\n 1 the target died\n    dead\n");
  REQUIRE(at != std::string::npos);
  CHECK(linesOf(text.substr(at + 1)).size() <= 24);
  CHECK(text.find(" 2 LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request", at) !=
        std::string::npos);
}
