#include "writers/format_file.hpp"

#include <algorithm>

#include "report/atomic_file.hpp"
#include "scenario/input_error.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

namespace {

std::vector<std::string> writerNames() {
  std::vector<std::string> names;
  for (const auto& writer : allWriters()) names.emplace_back(writer.name);
  return names;
}

// A folder or a file's ending is no name of a format: "out=1/junit.xml" is a file.
bool isFormatName(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

[[noreturn]] void refuse(const std::string& typed, const std::string& found) {
  const std::string meant = didYouMean(found, writerNames());
  throw InputError("--format", "", "\"" + typed + "\"", "NAME=FILE with one of " + listOf(writerNames()),
                   meant.empty() ? "without NAME= the end of the file's name chooses: junit.xml" : meant);
}

}  // namespace

FormatFile formatFileOf(const std::string& typed) {
  const auto equals = typed.find('=');
  const std::string name = typed.substr(0, equals);
  if (equals == std::string::npos || !isFormatName(name)) {
    const Writer* guessed = writerForFile(typed);
    if (guessed == nullptr) refuse(typed, name);
    return {guessed, typed};
  }
  const Writer* writer = writerNamed(name);
  if (writer == nullptr || equals + 1 == typed.size()) refuse(typed, name);
  return {writer, typed.substr(equals + 1)};
}

std::vector<FormatFile> formatFilesOf(const std::vector<std::string>& typed) {
  std::vector<FormatFile> formats;
  for (const auto& text : typed) {
    FormatFile format = formatFileOf(text);
    const bool twice =
        std::ranges::any_of(formats, [&](const auto& other) { return other.file == format.file; });
    if (twice && !format.isStandardOutput()) {
      throw InputError("--format", "", "\"" + format.file.string() + "\" twice", "a file for each format",
                       "the second would replace the first");
    }
    if (!format.isStandardOutput()) requireWritable(format.file);
    formats.push_back(std::move(format));
  }
  return formats;
}

}  // namespace leakgate
