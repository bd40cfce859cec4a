// The formats in which results are written for other programs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/gate_run.hpp"

namespace leakgate {

/// What a file is written from: the results of a gate, of one run, or of reports that were kept.
///
/// Lifetime: of the call; it refers to the results.
struct WriterInput {
  const std::vector<GateResult>& results;
  std::string command;  ///< that repeats the gate, without names of scenarios
  double seconds = 0;   ///< that it took
};

/// One format. A table of all is in writer.cpp: a new one is a file of its own and a row there.
struct Writer {
  std::string_view name;                    ///< for --format: "junit"
  std::string_view content;                 ///< for the help: who reads it
  std::span<const std::string_view> files;  ///< ends of file names that choose it: ".sarif"

  /// The whole file. Names and messages of the input are foreign: see foreign_text.hpp. Errors: none but
  /// std::bad_alloc.
  std::string (*write)(const WriterInput& input);
};

std::span<const Writer> allWriters();

/// nullptr: there is none of this name.
const Writer* writerNamed(std::string_view name);

/// The one with the longest end of name that fits; nullptr: the name of the file chooses none.
const Writer* writerForFile(std::string_view file);

}  // namespace leakgate
