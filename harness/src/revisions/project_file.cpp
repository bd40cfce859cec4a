#include "revisions/project_file.hpp"

#include "report/atomic_file.hpp"
#include "report/report_json.hpp"
#include "scenario/json_fields.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

std::string requireFilled(JsonFields& fields, std::string_view name, const std::string& expected) {
  std::string text = fields.requireText(name);
  if (text.empty()) fields.fail(name, "\"\"", expected);
  return text;
}

// Another commit's files are not below an absolute path, or outside of the checkout.
std::string folderInside(JsonFields& fields, std::string_view name) {
  std::string text = fields.text(name, "");
  const fs::path path = fs::path(text).lexically_normal();
  if (path.is_absolute() || (!path.empty() && *path.begin() == ".."))
    fields.fail(name, "\"" + text + "\"", "a folder below the top of the repository",
                "make it relative, as build/bin");
  return text;
}

std::vector<std::string> commandIn(JsonFields& fields, std::string_view name) {
  const JsonFields::Json* list = fields.find(name);
  if (list == nullptr) return {};
  const std::string expected = "a list of words, as a scenario's target.command";
  if (!list->is_array() || list->empty()) fields.fail(name, shown(*list), expected);
  std::vector<std::string> words;
  for (const auto& word : *list) {
    const std::string path = fields.pathOf(name) + "[" + std::to_string(words.size()) + "]";
    words.push_back(checkedText(word, fields.fileName(), path));
  }
  return words;
}

}  // namespace

ProjectFile parseProjectFile(std::string_view json, const std::string& fileName) {
  const auto document = parseJsonFile(json, fileName);
  JsonFields fields(document, "", fileName);
  fields.find("schema");
  checkSchema(document, kProjectSchema, fileName);
  ProjectFile project;
  project.build = requireFilled(fields, "build", "the command that builds a fresh checkout, as \"make\"");
  project.bin = folderInside(fields, "bin");
  project.target = commandIn(fields, "target");
  fields.finish();
  return project;
}

ProjectFile readProjectFile(const fs::path& top) {
  const fs::path file = top / kProjectFile;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  return parseProjectFile(readWhole(file), file.string());
}

std::string projectFileWith(const std::string& build) {
  const nlohmann::ordered_json document{{"schema", kProjectSchema}, {"build", build}};
  return document.dump();
}

}  // namespace leakgate
