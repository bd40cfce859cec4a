#include "cli/format_option.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"
#include "report/atomic_file.hpp"

namespace leakgate {

void addFormatOption(CLI::App& command, std::vector<std::string>& typed) {
  command
      .add_option(
          "--format", typed,
          "also write the results for another program, may be given several times: junit=FILE ...; a FILE "
          "alone where its name says the format, - for standard output; see leakgate export --help")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false)
      ->check(notEmpty("NAME=FILE"));
}

std::string formatsHelp() {
  std::string text;
  for (const auto& writer : allWriters()) {
    std::string files;
    for (const auto end : writer.files)
      if (!end.empty()) files += fmt::format("{}*{}", files.empty() ? "" : ", ", end);
    text += fmt::format("  {:<26}  {}{}\n", writer.name, writer.content, files.empty() ? "" : "; " + files);
  }
  return text;
}

void writeFormats(const std::vector<FormatFile>& formats, const WriterInput& input) {
  std::exception_ptr first;
  for (const auto& format : formats) {
    try {
      const std::string text = format.writer->write(input);
      if (format.isStandardOutput()) {
        writeOutput(text);
      } else {
        writeAtomically(format.file, text);
      }
    } catch (const std::exception&) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace leakgate
