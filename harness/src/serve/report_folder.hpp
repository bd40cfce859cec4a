// The reports that are kept beside a history: what it has the numbers of, as whole files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// One report, without its content.
struct KeptReport {
  std::string id;  ///< identity of its run in a history; of a report without a commit, a hash of its path
  std::filesystem::path file;
  std::string scenario;
  std::string commit;
  std::string startedAt;  ///< RFC 3339, UTC
  Outcome outcome = Outcome::pass;
  RunEnd end = RunEnd::whole;
  std::size_t findings = 0;
};

/// The reports (*.json, *.html) below some folders, looked at again by refresh(): a gate writes them one by one.
///
/// Bounds: the newest kMaxKeptReports files, kMaxReportDepth folders deep; symbolic links are not followed. A file is
/// read again only when its time or size has changed. What is no report is left out. Threads: one owner.
class ReportFolder {
 public:
  explicit ReportFolder(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}

  /// Errors: none; a folder that is missing has no reports.
  void refresh();

  /// Newest first.
  std::vector<KeptReport> list() const;

  /// nullptr when there is none of that id.
  const KeptReport* find(const std::string& id) const;

  std::size_t leftOut() const { return leftOut_; }      ///< files beyond kMaxKeptReports
  std::size_t noReports() const { return noReports_; }  ///< files that are no report, or damaged

  /// Changes with any of the files.
  std::string state() const;

 private:
  struct Seen {
    std::filesystem::file_time_type time;
    std::uintmax_t bytes = 0;
    bool isReport = false;
    KeptReport report;
  };
  struct Entry {
    std::filesystem::path file;
    std::filesystem::file_time_type time;
    std::uintmax_t bytes = 0;
  };

  std::vector<Entry> newestFiles();

  std::vector<std::filesystem::path> folders_;
  std::map<std::filesystem::path, Seen> seen_;
  std::size_t leftOut_ = 0;
  std::size_t noReports_ = 0;
};

inline constexpr std::size_t kMaxKeptReports = 1'000;
inline constexpr int kMaxReportDepth = 8;

}  // namespace leakgate
