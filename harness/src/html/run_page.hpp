// One judged run as a page.
#pragma once

#include <string>

#include "html/page.hpp"
#include "report/report.hpp"

namespace leakgate {

/// A self-contained HTML document: verdict and reasons, findings, the course of the run, metrics, environment.
/// It asks for nothing from anywhere, needs no script, and carries the report; see readReport().
std::string runPage(const Report& report, const PageContext& context);

}  // namespace leakgate
