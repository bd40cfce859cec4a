// --format NAME=FILE, alike in all commands that have results.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "writers/format_file.hpp"

namespace leakgate {

/// Adds the option; formatFilesOf() reads what was typed.
void addFormatOption(CLI::App& command, std::vector<std::string>& typed);

/// A line for each format: its name, who reads it, and the ends of file names that choose it.
std::string formatsHelp();

/// Writes all files, also when one of them fails. Errors: InputError of the first that failed.
void writeFormats(const std::vector<FormatFile>& formats, const WriterInput& input);

}  // namespace leakgate
