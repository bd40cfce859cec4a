// A scenario file (schema leakgate.scenario/1) as values. Loading and checking: load.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leakgate {

/// Where in a request the client leaves, on purpose.
enum class AbortPoint { none, midHeaders, afterHeaders, midBody, beforeResponse };

/// The response that a step must get. An empty status list accepts any status, or any below `below` when that
/// is not 0.
struct Expect {
  std::vector<int> statuses;
  std::optional<std::string> body = std::nullopt;  ///< exact bytes, when given; templates are expanded
  int below = 0;  ///< with an empty status list: accepts statuses below this one; 0 means no limit

  friend bool operator==(const Expect&, const Expect&) = default;
};

struct Step {
  std::string name;
  unsigned weight = 1;  ///< share in a weighted order, 1 to 10,000
  std::string method = "GET";
  std::string path = "/";  ///< template: {i} {i:N} {rand:N} {conn}
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;             ///< template
  std::string version = "1.1";  ///< "1.0" or "1.1"
  AbortPoint abort = AbortPoint::none;
  std::uint32_t stallMs = 0;      ///< with abort: hold the half-sent request this long first
  std::uint32_t slowReadMs = 0;   ///< leaves the response, once it starts to arrive, unread for so long
  std::optional<bool> keepAlive;  ///< false: closes the connection after it; not given: as in the load
  bool newConnection = false;     ///< sent as the first request of a connection
  std::optional<std::string>
      raw;  ///< the exact bytes to send, instead of method, path, headers, body; template
  std::optional<Expect> expect = Expect{{200}};  ///< nullopt: no response is awaited

  friend bool operator==(const Step&, const Step&) = default;
};

struct TargetSpec {
  std::vector<std::string> command;  ///< argv; {bin} {port} {scenario_dir} are expanded
  std::string ready;  ///< path that gives 200 when the target is ready; "" means: accepts a connection
  std::map<std::string, std::string> env;
  std::string metrics;        ///< path of the target's own counters as JSON; "" means none
  std::uint32_t readyMs = 0;  ///< how long it may take to become ready; 0: as on the command line

  friend bool operator==(const TargetSpec&, const TargetSpec&) = default;
};

enum class StepOrder { weighted, sequence };

struct LoadSpec {
  unsigned connections = 8;  ///< 1 to 1,024
  bool keepAlive = true;
  unsigned pipeline = 1;               ///< requests in flight per connection, 1 to 64
  unsigned requestsPerConnection = 0;  ///< the client closes after so many responses; 0: never
  std::uint64_t warmup = 2000;         ///< requests before the first checkpoint
  std::uint64_t requests = 20000;      ///< total of the measured blocks 1:1:2:4, a multiple of 8
  std::uint64_t seed = 1;
  StepOrder order = StepOrder::weighted;
  /// Time without requests after which growth must be given back; 0: none. Not given: as long as it takes.
  std::optional<std::uint32_t> coolDownMs = std::nullopt;
  /// Measured requests up to which linear growth is followed. Not given: kFollowRequests.
  std::optional<std::uint64_t> followRequests = std::nullopt;

  friend bool operator==(const LoadSpec&, const LoadSpec&) = default;
};

/// Limits for one metric, both inclusive.
struct Budget {
  std::optional<double> min;
  std::optional<double> max;

  friend bool operator==(const Budget&, const Budget&) = default;
};

struct Scenario {
  std::string name;
  std::string description;
  TargetSpec target;
  LoadSpec load;
  std::vector<Step> steps;
  std::map<std::string, Budget> budgets;  ///< by metric name
  std::string file;                       ///< where it was read from
  std::string hash;                       ///< of the normalised content, 16 hex digits (FNV-1a 64)
};

}  // namespace leakgate
