// Starts a program under the shim and sends it commands.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "region/control_region.hpp"
#include "region/region_reader.hpp"

namespace leakgate {

/// A status of End: a shell's for a process that SIGKILL ended.
inline constexpr int kSigkill = 128 + 9;

/// How a target ended.
struct ProbeEnd {
  int status = 0;     ///< exit code, or 128 + signal
  std::string error;  ///< its standard error
};

class ProbeProcess {
 public:
  using Environment = std::map<std::string, std::string>;

  /// Runs with the shim preloaded and LEAKGATE_DIR set to control's directory, unless `environment` sets it.
  explicit ProbeProcess(const std::string& program, Environment environment = {},
                        std::vector<std::string> arguments = {});
  ~ProbeProcess();
  ProbeProcess(const ProbeProcess&) = delete;
  ProbeProcess& operator=(const ProbeProcess&) = delete;

  /// Sends a line and returns the reply; "" when the target has ended.
  std::string run(const std::string& command);
  std::string readLine();

  /// False when the target has written nothing by then, or has ended.
  bool awaitOutput(std::chrono::seconds limit) const;
  /// The target waits when it has written this much more than was read: at least 4096.
  void narrowOutput(int bytes) const;
  /// What it writes until its end.
  std::string readAll() const;

  void kill() const;

  /// Closes the target's input and waits for its end.
  ProbeEnd end();

  pid_t pid() const { return pid_; }

  /// The file of the first image of a process, this one's or a child's.
  std::filesystem::path regionOf(std::uint64_t pid) const;

  ControlRegion control;
  RegionReader reader{control.directory()};

 private:
  void start(std::vector<std::string> words, const Environment& environment);

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int error_ = -1;
};

}  // namespace leakgate
