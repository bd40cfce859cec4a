// Golden text: what people and scripts read.
#include "report/run_text.hpp"

#include <doctest/doctest.h>

#include "gate/judge.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

TEST_CASE("a whole run") {
  Report report = leakyReport();
  report.verdict = judge(report, nullptr);
  const std::string text = runText(report, {false, "r.json"});
  CHECK(text.find("FAIL  sample: 1 reason\n"
                  "LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request of step login (8,000 "
                  "requests, exact at every checkpoint)\n"
                  "      in scope setContext\n"
                  "      src/event.cpp:88 (server)\n"
                  "      through fmt::detail::dupe /usr/include/fmt/copy.h:21\n"
                  "      live bytes __..--~~==++**## +136,000\n"
                  "      fingerprint " +
                  report.findings[0].fingerprint +
                  "\n"
                  "  requests     8,000, responses 8,000 (200: 8,000)\n"
                  "  live growth  136,000 B, 8,000 blocks\n"
                  "  allocations  1 blocks per request, 17 B per request\n") == 0);
  CHECK(text.find("  report       r.json\n  reproduce    leakgate run scenarios/sample.json\n") !=
        std::string::npos);
  CHECK(runText(report, {true, ""}).find("\033[31mFAIL\033[0m") == 0);

  Report clean = cleanReport();
  clean.verdict = judge(clean, nullptr);
  CHECK(runText(clean, {}).find("PASS  sample\n  requests") == 0);
  CHECK(runText(clean, {}).find("reproduce") == std::string::npos);
}

TEST_CASE("a run without a cool-down says that it looked at no time without requests") {
  Report report = cleanReport();
  report.look = {.requests = 20'000, .findOneIn = 3'700};
  CHECK(runText(report, {})
            .find("  looked       20,000 requests and no time idle; finds a block in 3,700 "
                  "requests with 99 %\n") != std::string::npos);
  report.look.idleSeconds = 6.6;
  CHECK(runText(report, {}).find("  looked       20,000 requests and 6.6 s idle; finds") !=
        std::string::npos);
}

TEST_CASE("a run with experiments shows the conclusion at its finding, and the table") {
  Report report = leakyReport();
  report.verdict = judge(report, nullptr);
  report.trigger = sampleTrigger();
  const std::string text = runText(report, {});
  CHECK(text.find("      trigger: per abort after the headers: +1.000 blocks\n") != std::string::npos);
  CHECK(text.find("  trigger      2 experiments in 1.2 s\n"
                  "  note         a note\n"
                  "  experiment      requests  connections  responses         growth/request\n"
                  "  login                400            0  200: 400               +1, +17 B\n"
                  "  login, as HEAD         -            -  the target ended\n") != std::string::npos);
  report.trigger->complete = false;
  CHECK(runText(report, {}).find("not all that were planned: see --trigger-seconds") != std::string::npos);
}
