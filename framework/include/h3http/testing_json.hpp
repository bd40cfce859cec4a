// JSON bodies of test responses: response.json()["name"].
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "h3http/testing.hpp"

namespace h3::test {

/// What Response::json() reads with.
struct JsonBody {
  static nlohmann::json of(const Response& response) {
    try {
      return nlohmann::json::parse(response.body);
    } catch (const nlohmann::json::parse_error& error) {
      throw ClientError(
          response.target + ": expected a JSON body, found status " + std::to_string(response.status) +
          ", content type \"" + std::string(response.header("Content-Type").value_or("")) + "\", body \"" +
          response.body.substr(0, std::min<std::size_t>(response.body.size(), 200)) + "\": " + error.what());
    }
  }
};

}  // namespace h3::test
