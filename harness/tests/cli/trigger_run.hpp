// Runs the built leakgate against trigger_target, in a temporary folder.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace leakgate {

/// `leakgate run` over a scenario of the named steps. Lifetime: the folder goes with the object.
class TriggerRun {
 public:
  using Json = nlohmann::json;

  TriggerRun(const std::string& mode, const std::string& stepNames,
             const std::vector<std::string>& options = {}, const Json& load = Json::object()) {
    std::string name = std::filesystem::temp_directory_path() / "trigger-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
    folder_ = name;
    Json json = scenario(mode, stepNames);
    json["load"].update(load);
    std::ofstream(folder_ / "scenario.json") << json;
    std::vector<std::string> words{"run", (folder_ / "scenario.json").string(), "--no-self-audit", "-o",
                                   reportFile()};
    words.insert(words.end(), options.begin(), options.end());
    // On a busy machine the plan shall not end early.
    const bool asks = std::find(options.begin(), options.end(), "--no-trigger") == options.end();
    if (asks) words.insert(words.end(), {"--trigger-seconds", "120"});
    leakgate(words);
  }
  ~TriggerRun() { std::filesystem::remove_all(folder_); }
  TriggerRun(const TriggerRun&) = delete;
  TriggerRun& operator=(const TriggerRun&) = delete;

  /// Another command in the same folder; replaces exitCode() and output().
  void leakgate(const std::vector<std::string>& words) {
    std::string command = LEAKGATE;
    for (const auto& word : words) command += " '" + word + "'";
    command += " >'" + (folder_ / "out").string() + "' 2>&1";
    const int status = ::system(command.c_str());
    exitCode_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::ostringstream text;
    text << std::ifstream(folder_ / "out").rdbuf();
    output_ = text.str();
  }

  int exitCode() const { return exitCode_; }
  const std::string& output() const { return output_; }
  /// What `minimize` printed under that title.
  std::string line(const std::string& title) const {
    const auto at = output_.find("  " + title + " ");
    if (at == std::string::npos) throw std::runtime_error("no line " + title + " in: " + output_);
    const auto text = output_.find_first_not_of(' ', at + 2 + title.size());
    return output_.substr(text, output_.find('\n', text) - text);
  }
  std::string reportFile() const { return folder_ / "report.json"; }
  std::string file(const std::string& name) const { return folder_ / name; }
  Json report() const { return Json::parse(std::ifstream(reportFile())); }
  Json conclusion() const { return report().at("trigger").at("conclusions").at(0); }

  static Json scenario(const std::string& mode, const std::string& stepNames) {
    Json json{{"schema", "leakgate.scenario/1"}, {"name", "trigger"}};
    json["target"] = {{"command", {TRIGGER_TARGET, "{port}", mode}}, {"ready", "/health"}};
    json["load"] = {{"connections", 4}, {"warmup", 200},     {"requests", 1600},
                    {"seed", 7},        {"cool_down_ms", 0}, {"follow_requests", 6400}};
    std::istringstream names(stepNames);
    for (std::string name; names >> name;) json["steps"].push_back(step(name));
    return json;
  }

  static Json step(const std::string& name) {
    const Json steps = Json::parse(R"({
      "hello": {"path": "/hello"},
      "leak": {"path": "/leak"},
      "spawn": {"path": "/spawn"},
      "browse": {"path": "/hello", "headers": {"accept": "text/html", "accept-encoding": "gzip"}},
      "post": {"method": "POST", "path": "/hello", "body": "0123456789"},
      "missing": {"path": "/nope", "expect": {"status": 404}},
      "closing": {"path": "/hello", "headers": {"Connection": "close"}},
      "legacy": {"path": "/hello", "version": "1.0"},
      "options": {"method": "OPTIONS", "path": "/hello"},
      "garbage": {"raw": "rubbish\r\n\r\n", "expect": {"status": 400}},
      "leave": {"method": "POST", "path": "/hello", "body": "0123456789", "abort": "after_headers"}
    })");
    Json made = steps.at(name);
    made["name"] = name;
    return made;
  }

 private:
  std::filesystem::path folder_;
  int exitCode_ = -1;
  std::string output_;
};

}  // namespace leakgate
