#include "report/request_cost_text.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

TEST_CASE("page faults and context switches per request, in one line") {
  Report report = cleanReport();
  for (auto& metric : report.metrics) {
    if (metric.name == "minor_faults_per_request") metric.value = 0.00125;
    if (metric.name == "voluntary_switches_per_request") metric.value = 2;
  }
  CHECK(kernelLine(report) ==
        "  kernel       0.00125 page faults per request, 0 from disk; 2 waits, 0 preemptions\n");
  report.metrics.clear();
  CHECK(kernelLine(report) == "");
}

TEST_CASE("system calls, the most frequent first") {
  Report report = cleanReport();
  CHECK(systemCallText(report, 10) == "");
  report.systemCalls = SystemCallProfile{
      800, "200: 800", "", {{"recvfrom", 1600, 800}, {"sendto", 800, 0}, {"epoll_wait", 8, 0}}};
  CHECK(systemCallText(report, 2) ==
        "\nsystem calls of 800 requests (200: 800), without the shim, by strace: 3.010 per request\n"
        "  call      calls/req  failed/req\n"
        "  recvfrom          2           1\n"
        "  sendto            1           0\n"
        "  and 1 more, in the report\n");
  report.systemCalls->problem = "the target ended";
  CHECK(systemCallText(report, 2) == "\nsystem calls were not counted: the target ended\n");
}

TEST_CASE("instructions by function, the most first") {
  Report report = cleanReport();
  CHECK(instructionText(report, 10) == "");
  report.instructions =
      InstructionProfile{400, "", 400'000, {{"parse", "server", 300'000}, {"", "libc.so.6", 100'000}}};
  CHECK(instructionText(report, 10) ==
        "\nuser instructions of 400 requests, without the shim, by callgrind: 1,000 per request\n"
        "   instr/req   share  function\n"
        "         750  75.0 %  parse, server\n"
        "         250  25.0 %  ?, libc.so.6\n");
  CHECK(instructionText(report, 1).find("libc") == std::string::npos);
  report.instructions->problem = "the target ended";
  CHECK(instructionText(report, 2) == "\ninstructions were not counted: the target ended\n");
}
