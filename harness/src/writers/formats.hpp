// One function for each format, each in a file of its own; a Writer's `write`.
#pragma once

#include <string>

#include "writers/writer.hpp"

namespace leakgate {

/// A test case for each scenario, which fails with all its reasons. Source: the schema of Ant's junitreport and of
/// Jenkins' xUnit plugin (junit-10.xsd); what both allow is written.
std::string junitXml(const WriterInput& input);

/// A page of one run, or of a gate; see html/run_page.hpp and html/gate_page.hpp. Embeds source lines of files below
/// the current directory.
std::string htmlText(const WriterInput& input);

}  // namespace leakgate
