#include "serve/report_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "history/history_run.hpp"
#include "html/page_samples.hpp"
#include "html/run_page.hpp"
#include "report/report_json.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

Report measured(const std::string& commit) {
  Report report = failingReport();
  report.environment.commit = commit;
  report.startedAt = "2026-11-30T05:01:00Z";
  return report;
}

void write(const Workspace& workspace, const std::string& name, const Report& report) {
  writeAtomically(workspace.file(name), toText(toJson(report)));
}

}  // namespace

TEST_CASE("a report has the identity of its run in the history, whether JSON or a page") {
  const Workspace workspace;
  const Report first = measured("aaaaaaaaaaaa");
  const Report second = measured("bbbbbbbbbbbb");
  write(workspace, "old/login.json", first);
  writeAtomically(workspace.file("new/deep/login.html"), runPage(second, {}));
  ReportFolder folder({workspace.file("old"), workspace.file("new"), workspace.file("none")});
  folder.refresh();
  CHECK(folder.list().size() == 2);
  for (const Report& report : {first, second}) {
    const KeptReport* kept = folder.find(historyRunOf(report, {}, "").identity);
    REQUIRE(kept != nullptr);
    CHECK(kept->commit == report.environment.commit);
    CHECK((kept->outcome == Outcome::fail));
    CHECK(kept->findings == 1);
  }
  CHECK(folder.find("0123456789abcdef") == nullptr);
}

TEST_CASE("what a gate writes, replaces or removes is seen, and changes the state") {
  const Workspace workspace;
  ReportFolder folder({workspace.file("latest")});
  const auto stateNow = [&] {
    folder.refresh();
    return folder.state();
  };
  const std::string none = stateNow();
  CHECK(folder.list().empty());
  write(workspace, "latest/a.json", measured("aaaaaaaaaaaa"));
  const std::string one = stateNow();
  CHECK(one != none);
  CHECK(stateNow() == one);
  write(workspace, "latest/a.json", measured("bbbbbbbbbbbbbb"));  // of another size: times may be coarse
  CHECK(stateNow() != one);
  REQUIRE(folder.list().size() == 1);
  CHECK(folder.list()[0].commit == "bbbbbbbbbbbbbb");
  std::filesystem::remove(workspace.file("latest/a.json"));
  CHECK(stateNow() == none);
}

TEST_CASE("what is no report is counted, and links are not followed") {
  const Workspace workspace;
  write(workspace, "reports/good.json", measured("aaaaaaaaaaaa"));
  writeAtomically(workspace.file("reports/other.json"), "{\"schema\": \"leakgate.gate/1\"}");
  writeAtomically(workspace.file("reports/damaged.html"), "<!DOCTYPE html>");
  writeAtomically(workspace.file("reports/notes.txt"), "text");
  std::filesystem::create_symlink(workspace.file("reports/good.json"), workspace.file("reports/link.json"));
  std::filesystem::create_directory_symlink(workspace.file("reports"), workspace.file("reports/again"));
  ReportFolder folder({workspace.file("reports")});
  folder.refresh();
  CHECK(folder.list().size() == 1);
  CHECK(folder.noReports() == 2);
}

TEST_CASE("a report without a commit is in no history, and shown all the same") {
  const Workspace workspace;
  write(workspace, "a.json", measured(""));
  ReportFolder folder({workspace.file("")});
  folder.refresh();
  REQUIRE(folder.list().size() == 1);
  CHECK(folder.find(folder.list()[0].id) != nullptr);
}

TEST_CASE("only the newest files are read, and only to a depth") {
  const Workspace workspace;
  const std::string deep = "r/1/2/3/4/5/6/7/8/";
  write(workspace, deep + "in.json", measured("aaaaaaaaaaaa"));
  write(workspace, deep + "9/out.json", measured("bbbbbbbbbbbb"));
  ReportFolder folder({workspace.file("r")});
  folder.refresh();
  REQUIRE(folder.list().size() == 1);
  CHECK(folder.list()[0].commit == "aaaaaaaaaaaa");
  for (std::size_t i = 0; i < kMaxKeptReports + 3; ++i)
    std::ofstream(workspace.file("r/" + std::to_string(i) + ".json")) << "{}";
  folder.refresh();
  CHECK(folder.leftOut() >= 3);
  CHECK(folder.list().size() + folder.noReports() == kMaxKeptReports);
}
