#include "request/upload_file.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "h3http/error.hpp"
#include "upload_folder.hpp"

using namespace h3;
using h3::test::openUploads;
using h3::test::UploadFolder;

namespace {

unsigned modeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

template <class Call>
int errorOf(Call call) {
  try {
    call();
    return 0;
  } catch (const std::system_error& error) {
    return error.code().value();
  }
}

// Files of this process end here, as on a full disk.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : signal_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_);
  }

 private:
  rlimit before_{};
  void (*signal_)(int);
};

}  // namespace

TEST_CASE("an upload is there only under the names that it is given") {
  for (const UploadFile::Kind kind : {UploadFile::Kind::unnamed, UploadFile::Kind::named}) {
    const UploadFolder folder;
    {
      UploadFile file(folder.path(), kind);
      CHECK(folder.files() == (kind == UploadFile::Kind::named ? 1 : 0));
      file.append("first ");
      file.append("second");
      file.keepAs(folder.file("kept"), Existing::refuse, 0640);
      file.keepAs(folder.file("twice"), Existing::refuse, 0640);
      CHECK(modeOf(folder.file("kept")) == 0640);
    }
    CHECK(folder.files() == 2);
    CHECK(folder.read("kept") == "first second");
    CHECK(folder.read("twice") == "first second");
    CHECK(openUploads(folder) == 0);
  }
}

TEST_CASE("an upload that is not kept is gone") {
  for (const UploadFile::Kind kind : {UploadFile::Kind::unnamed, UploadFile::Kind::named}) {
    const UploadFolder folder;
    {
      UploadFile file(folder.path(), kind);
      file.append("bytes");
      struct stat status {};
      REQUIRE(::fstat(file.descriptor(), &status) == 0);
      CHECK((status.st_mode & 07777) == 0600);
      CHECK(openUploads(folder) == 1);
    }
    CHECK(folder.files() == 0);
    CHECK(openUploads(folder) == 0);
  }
}

TEST_CASE("a name that is taken is refused, or replaced") {
  for (const UploadFile::Kind kind : {UploadFile::Kind::unnamed, UploadFile::Kind::named}) {
    const UploadFolder folder;
    std::ofstream(folder.file("name")) << "old";
    {
      UploadFile file(folder.path(), kind);
      file.append("new");
      CHECK(errorOf([&] { file.keepAs(folder.file("name"), Existing::refuse, 0600); }) == EEXIST);
      CHECK(folder.read("name") == "old");
      file.keepAs(folder.file("name"), Existing::replace, 0600);
      CHECK(errorOf([&] { file.keepAs(folder.file("none/name"), Existing::replace, 0600); }) == ENOENT);
      CHECK(errorOf([&] { file.keepAs(folder.path(), Existing::replace, 0600); }) != 0);
    }
    CHECK(folder.read("name") == "new");
    CHECK(folder.files() == 1);
  }
}

TEST_CASE("a directory that is none is named") {
  CHECK(errorOf([] { UploadFile file("/proc/none"); }) != 0);
  CHECK_THROWS_WITH_AS(UploadFile("/none/none"), doctest::Contains("in /none/none"), std::system_error);
}

TEST_CASE("a full disk is 507") {
  const UploadFolder folder;
  UploadFile file(folder.path());
  const FileLimit limit(1000);
  file.append(std::string(900, 'x'));
  try {
    file.append(std::string(900, 'x'));
    FAIL("the limit did not hold");
  } catch (const HttpError& error) {
    CHECK(error.status() == 507);
  }
}
