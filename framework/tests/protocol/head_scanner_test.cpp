#include "protocol/head_scanner.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "request_corpus.hpp"

using h3::protocol::HeadScanner;
using h3::protocol::Limits;
using ScanOutcome = h3::protocol::HeadScanner::Outcome;

namespace {

struct Scan {
  ScanOutcome outcome;
  int status;
};

Scan scanWhole(const std::string& bytes, const Limits& limits) {
  HeadScanner scanner(limits);
  const ScanOutcome outcome = scanner.scan(bytes.data(), bytes.size());
  return {outcome, scanner.status()};
}

Scan scanByteByByte(const std::string& bytes, const Limits& limits) {
  HeadScanner scanner(limits);
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    const ScanOutcome outcome = scanner.scan(bytes.data(), size);
    if (outcome != ScanOutcome::needMore) return {outcome, scanner.status()};
  }
  return {ScanOutcome::needMore, 0};
}

void checkScan(const std::string& bytes, const Limits& limits, ScanOutcome outcome, int status) {
  CAPTURE(bytes.substr(0, 100));
  CAPTURE(bytes.size());
  for (const Scan scan : {scanWhole(bytes, limits), scanByteByByte(bytes, limits)}) {
    CHECK(scan.outcome == outcome);
    CHECK(scan.status == status);
  }
}

// Bytes that are allowed inside a line: RFC 9112 2.2 and RFC 9110 5.5.
bool mayStandInALine(int byte) { return byte == '\t' || (byte >= 0x20 && byte != 0x7f); }

}  // namespace

TEST_CASE("the head ends behind its empty line, whatever follows") {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string& more :
       {std::string(), std::string("body"), std::string("\r\n"), h3::test::kSmuggled}) {
    const Limits limits;
    HeadScanner scanner(limits);
    const std::string bytes = head + more;
    CHECK(scanner.scan(bytes.data(), bytes.size()) == ScanOutcome::complete);
    CHECK(scanner.headEnd() == head.size());
    CHECK(scanner.startLineEnd() == 16);
    CHECK(scanner.startOffset() == 0);
  }
}

TEST_CASE("one empty line before the request line is tolerated, and counted") {
  const Limits limits;
  HeadScanner scanner(limits);
  const std::string bytes = "\r\nGET / HTTP/1.1\r\n\r\n";
  CHECK(scanner.scan(bytes.data(), bytes.size()) == ScanOutcome::complete);
  CHECK(scanner.startOffset() == 2);
  CHECK(scanner.startLineEnd() == 18);
  CHECK(scanner.headEnd() == bytes.size());
  checkScan("\r\n\r\nGET / HTTP/1.1\r\n\r\n", limits, ScanOutcome::refused, 400);
}

TEST_CASE("each byte value: in the request line, in a name, in a value") {
  const Limits limits;
  for (int byte = 0; byte < 256; ++byte) {
    if (byte == '\r') continue;  // the next test's
    const std::string text = "x" + std::string(1, static_cast<char>(byte)) + "y";
    const bool fine = mayStandInALine(byte);
    const ScanOutcome outcome = fine ? ScanOutcome::complete : ScanOutcome::refused;
    checkScan("GET /" + text + " HTTP/1.1\r\n\r\n", limits, outcome, fine ? 0 : 400);
    checkScan("GET / HTTP/1.1\r\n" + text + ": v\r\n\r\n", limits, outcome, fine ? 0 : 400);
    checkScan("GET / HTTP/1.1\r\nName: " + text + "\r\n\r\n", limits, outcome, fine ? 0 : 400);
  }
}

TEST_CASE("a CR is allowed only before an LF") {
  const Limits limits;
  for (int byte = 0; byte < 256; ++byte) {
    if (byte == '\n') continue;
    checkScan("GET / HTTP/1.1\r" + std::string(1, static_cast<char>(byte)), limits, ScanOutcome::refused,
              400);
  }
  checkScan("GET / HTTP/1.1\r", limits, ScanOutcome::needMore, 0);
}

TEST_CASE("no line starts with white space") {
  const Limits limits;
  for (const char* blank : {" ", "\t"}) {
    checkScan(blank, limits, ScanOutcome::refused, 400);
    checkScan(std::string("GET / HTTP/1.1\r\n") + blank, limits, ScanOutcome::refused, 400);
    checkScan(std::string("GET / HTTP/1.1\r\nA: b\r\n") + blank, limits, ScanOutcome::refused, 400);
    checkScan(std::string("\r\n") + blank, limits, ScanOutcome::refused, 400);
  }
}

TEST_CASE("limits: the last byte within, the first byte beyond") {
  Limits limits;
  limits.targetBytes = 256;
  limits.headerBytes = 1024;
  limits.headerCount = 8;
  const std::string line = "GET / HTTP/1.1\r\n";
  // The request line has 64 bytes beside the target; the target's own limit is the reader's to check.
  checkScan(std::string(256 + 64 - 2, 'x') + "\r\n", limits, ScanOutcome::needMore, 0);
  checkScan(std::string(256 + 64 - 1, 'x') + "\r\n", limits, ScanOutcome::refused, 414);
  checkScan(std::string(256 + 64, 'x'), limits, ScanOutcome::needMore, 0);
  checkScan(std::string(256 + 65, 'x'), limits, ScanOutcome::refused, 414);
  checkScan("\r\n" + std::string(256 + 64, 'x'), limits, ScanOutcome::needMore, 0);

  checkScan(line + "A: " + std::string(1024 - 5, 'x') + "\r\n\r\n", limits, ScanOutcome::complete, 0);
  checkScan(line + "A: " + std::string(1024 - 4, 'x') + "\r\n\r\n", limits, ScanOutcome::refused, 431);
  checkScan(line + "A: " + std::string(1024 * 2, 'x'), limits, ScanOutcome::refused, 431);

  const std::string field = "A: b\r\n";
  std::string fields;
  for (int i = 0; i < 8; ++i) fields += field;
  checkScan(line + fields + "\r\n", limits, ScanOutcome::complete, 0);
  checkScan(line + fields + field, limits, ScanOutcome::refused, 431);
}

TEST_CASE("a bad byte after a limit gets the limit's status, one before it its own") {
  Limits limits;
  limits.headerBytes = 1024;
  const std::string line = "GET / HTTP/1.1\r\nA: ";
  // The limit leaves room for the empty line's two bytes.
  checkScan(line + std::string(1024 + 2 - 3, 'x') + '\n', limits, ScanOutcome::refused, 400);
  checkScan(line + std::string(1024 + 3 - 3, 'x') + '\n', limits, ScanOutcome::refused, 431);
  checkScan(line + std::string(1024 + 1 - 3, 'x') + "\rx", limits, ScanOutcome::refused, 400);
  checkScan(line + std::string(1024 + 2 - 3, 'x') + "\rx", limits, ScanOutcome::refused, 431);
}
