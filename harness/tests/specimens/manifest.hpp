// The manifest of the specimen corpus: each server, and what leakgate must report about it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

struct Specimen {
  std::string name;
  std::string command;   ///< "{bin}/specimen-NAME --port {port}" unless the manifest says otherwise
  std::string scenario;  ///< file name in the folder scenarios/
  std::vector<std::string> options;      ///< of `leakgate run`, beside --target
  std::string needs;                     ///< a program that must be installed, "" for ours
  std::string trigger;                   ///< in words; "" for a clean one
  std::vector<nlohmann::json> findings;  ///< all that are due now, with the fields that are due now
  bool awaited = false;                  ///< it leaks, and leakgate cannot see that yet: nothing is due

  bool clean() const { return findings.empty() && !awaited; }
};

/// Reads the file, and drops what its "not_yet" puts off.
/// Errors: std::runtime_error that names the file, and the specimen where there is one.
std::vector<Specimen> loadManifest(const std::filesystem::path& file);

/// A finding of the manifest as it is due: without "since", "until" and "later", and with what "later" adds
/// for every feature that is not in `notYet`. Null when the finding itself is not due.
nlohmann::json dueFinding(nlohmann::json finding, const std::set<std::string>& notYet);
