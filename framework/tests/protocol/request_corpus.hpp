// Requests, good and bad, as bytes: what each line of the rules on framing and syntax looks like on the wire.
#pragma once

#include <string>
#include <vector>

#include "protocol/limits.hpp"

namespace h3::test {

/// A request that must be refused.
struct BadRequest {
  std::string name;
  std::string bytes;
  int status;
};

/// A request that must be taken, and what it means.
struct GoodRequest {
  std::string name;
  std::string bytes;
  std::string method;
  std::string path;
  std::string body;
  bool keepAlive;
};

/// The limits that the corpus tests from both sides: the smallest that a Config takes, so that the cases stay
/// short.
protocol::Limits corpusLimits();

const std::vector<BadRequest>& badRequests();
const std::vector<GoodRequest>& goodRequests();

/// What an attacker hides behind a request; its path is counted by the servers under test.
inline const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace h3::test
