// Draws progress on standard error.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "replay/progress.hpp"

namespace leakgate {

/// On a terminal one line that is rewritten in place; elsewhere a line every ten seconds, so that logs stay
/// short, and the lines of say(). Threads: one owner.
class ProgressLine final : public Progress {
 public:
  enum class Mode { silent, lines, inPlace };

  /// inPlace on a terminal, lines elsewhere.
  static Mode modeFor(int descriptor);

  explicit ProgressLine(Mode mode) : mode_(mode) {}
  ~ProgressLine() override { clear(); }

  /// The subject of the following phases: "context_churn (3 of 14)".
  void setSubject(std::string subject) { subject_ = std::move(subject); }

  /// A line with the elapsed time that is not overwritten.
  void say(std::string_view text);

  void started(std::string_view phase, std::uint64_t total) override;
  void advanced(std::uint64_t done) override;
  void finished(std::string_view phase) override;
  void estimated(std::chrono::seconds left) override;
  void noted(std::string_view text) override;

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kLineInterval{10};

  std::string elapsed() const;
  std::string left() const;
  void show(const std::string& text);
  void clear();

  Mode mode_;
  Clock::time_point start_ = Clock::now();
  std::string subject_;
  std::string phase_;
  std::uint64_t total_ = 0;
  bool shown_ = false;
  Clock::time_point nextLine_ = start_ + kLineInterval;       ///< Mode::lines
  Clock::time_point expectedEnd_ = Clock::time_point::min();  ///< of the planned requests
};

}  // namespace leakgate
