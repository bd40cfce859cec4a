#include "serve/report_folder.hpp"

#include <algorithm>

#include "history/history_run.hpp"
#include "report/hash.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

std::string idOf(const Report& report, const fs::path& file) {
  try {
    return historyRunOf(report, {}, file.string()).identity;
  } catch (const InputError&) {  // without a commit or a time: in no history
    return hashOf({file.string()});
  }
}

KeptReport keptReport(const fs::path& file) {
  const Report report = readReport(file);
  return {
      idOf(report, file),     file,       report.scenario.name,  report.environment.commit, report.startedAt,
      report.verdict.outcome, report.end, report.findings.size()};
}

bool mayBeReport(const fs::directory_entry& entry, std::error_code& error) {
  const fs::path extension = entry.path().extension();
  return (extension == ".json" || extension == ".html") &&
         entry.symlink_status(error).type() == fs::file_type::regular;
}

}  // namespace

// A file or folder that goes away meanwhile is as if it had not been there.
std::vector<ReportFolder::Entry> ReportFolder::newestFiles() {
  std::vector<Entry> files;
  for (const fs::path& folder : folders_) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error),
         end;
         !error && at != end; at.increment(error)) {
      if (at.depth() >= kMaxReportDepth) at.disable_recursion_pending();
      std::error_code gone;
      if (!mayBeReport(*at, gone)) continue;
      Entry entry{at->path(), at->last_write_time(gone), 0};
      if (!gone) entry.bytes = at->file_size(gone);
      if (!gone) files.push_back(std::move(entry));
    }
  }
  std::sort(files.begin(), files.end(), [](const Entry& a, const Entry& b) { return a.time > b.time; });
  leftOut_ = files.size() - std::min(files.size(), kMaxKeptReports);
  files.resize(files.size() - leftOut_);
  return files;
}

void ReportFolder::refresh() {
  std::map<fs::path, Seen> seen;
  noReports_ = 0;
  for (const Entry& entry : newestFiles()) {
    const auto before = seen_.find(entry.file);
    Seen now{entry.time, entry.bytes, false, {}};
    if (before != seen_.end() && before->second.time == now.time && before->second.bytes == now.bytes) {
      now = before->second;
    } else {
      try {
        now.report = keptReport(entry.file);
        now.isReport = true;
      } catch (const InputError&) {
      }
    }
    if (!now.isReport) ++noReports_;
    seen.emplace(entry.file, std::move(now));
  }
  seen_ = std::move(seen);
}

std::vector<KeptReport> ReportFolder::list() const {
  std::vector<KeptReport> reports;
  for (const auto& [file, seen] : seen_)
    if (seen.isReport) reports.push_back(seen.report);
  std::stable_sort(reports.begin(), reports.end(),
                   [](const KeptReport& a, const KeptReport& b) { return a.startedAt > b.startedAt; });
  return reports;
}

const KeptReport* ReportFolder::find(const std::string& id) const {
  for (const auto& [file, seen] : seen_)
    if (seen.isReport && seen.report.id == id) return &seen.report;
  return nullptr;
}

std::string ReportFolder::state() const {
  std::vector<std::string> parts;
  for (const auto& [file, seen] : seen_) {
    parts.push_back(file.string());
    parts.push_back(std::to_string(seen.time.time_since_epoch().count()));
    parts.push_back(std::to_string(seen.bytes));
  }
  return hashOf(parts);
}

}  // namespace leakgate
