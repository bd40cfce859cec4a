// A scenario with every field, and the same with one of them changed.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "scenario/input_error.hpp"
#include "scenario/load.hpp"

namespace leakgate::test {

using Json = nlohmann::ordered_json;

inline const char* const kFull = R"({
  // comments are allowed
  "schema": "leakgate.scenario/1",
  "name": "context_churn",
  "description": "all fields",
  "target": { "command": ["{bin}/h3-demo", "--port", "{port}"], "ready": "/health", "env": {"A": "b"}, "metrics": "/m" },
  "load": { "connections": 4, "keep_alive": true, "pipeline": 2, "warmup": 16, "requests": 80, "seed": 7, "order": "weighted" },
  "steps": [
    { "name": "login", "weight": 3, "method": "POST", "path": "/login?i={i}", "headers": {"z-last": "1", "a-first": "2"},
      "body": "{\"user\":\"u{i}\"}", "version": "1.0", "abort": null, "expect": { "status": [200, 404], "body": "ok {i}" } },
    { "name": "gone", "path": "/x", "abort": "mid_headers", "stall_ms": 20, "expect": { "status": 408 } },
    { "name": "left", "path": "/x", "abort": "before_response" },
    { "name": "bytes", "raw": "GET /\u00e4 HTTP/1.1\r\n\r\n", "expect": { "below": 500 } },
    { "name": "silent", "expect": null },
    { "name": "slow", "path": "/x", "slow_read_ms": 30 }
  ],
  "budgets": { "live_bytes_per_request": 0, "allocations_per_request": { "max": 0.5 }, "pool.reuse": { "min": 0.9999 } }
})";

// The full scenario with one place changed: `pointer` is replaced, or removed when `value` is "remove".
inline std::string changed(const std::string& pointer, const std::string& value) {
  Json json = Json::parse(kFull, nullptr, true, true);
  const Json::json_pointer place(pointer);
  if (value == "remove")
    json.at(place.parent_pointer()).erase(place.back());
  else
    json[place] = Json::parse(value);
  return json.dump();
}

inline std::string errorOf(const std::string& text) {
  try {
    parseScenario(text, "s.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace leakgate::test
