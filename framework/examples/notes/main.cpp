// h3-notes: a small service, whole. See README.md beside it.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include "h3http/load_config.hpp"
#include "h3http/server.hpp"
#include "notes_app.hpp"

namespace {

// Where the service keeps its data; in a temporary folder, removed at the end, for ":memory:".
class DataFolder {
 public:
  explicit DataFolder(const std::string& path) : isTemporary_(path == ":memory:"), path_(path) {
    if (isTemporary_) {
      std::string name = std::filesystem::temp_directory_path() / "h3-notes-XXXXXX";
      if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder: " + name);
      path_ = name;
    }
    std::filesystem::create_directories(uploads());
  }
  ~DataFolder() {
    std::error_code ignored;
    if (isTemporary_) std::filesystem::remove_all(path_, ignored);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  std::string database() const { return isTemporary_ ? ":memory:" : path_ / "notes.sqlite"; }
  std::filesystem::path uploads() const { return path_ / "attachments"; }

 private:
  bool isTemporary_;
  std::filesystem::path path_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string data = "notes-data";
  std::string web = NOTES_WEB;
  std::string insecure = "false";
  std::string origin;
  h3::LoadOptions options;
  options.own = {
      {"data",
       "folder of the database and the attachments, created if it is missing; \":memory:\": nothing is kept",
       &data},
      {"web", "folder of the front-end", &web},
      {"insecureCookies", "true: cookies over plain HTTP, for development only", &insecure},
      {"origin", "of a front-end elsewhere that may call /api, such as https://app.example.org", &origin}};
  try {
    const h3::Config config = h3::loadConfig(argc, argv, options);
    const DataFolder folder(data);
    notes::NotesStore store(folder.database());
    h3::App app = notes::makeNotesApp(
        store,
        {.web = web, .uploads = folder.uploads(), .secureCookies = insecure != "true", .origin = origin});
    return h3::run(app, config);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "h3-notes: %s\n", error.what());
    return 2;
  }
}
