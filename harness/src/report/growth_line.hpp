// The course of a finding's growth in one line of text.
#pragma once

#include <string>

#include "analysis/finding.hpp"
#include "report/plot.hpp"

namespace leakgate {

/// "live bytes ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ +136,000": from warm to the last checkpoint, over the events that the growth
/// follows, so that what is proportional to them is a straight line. At most 40 characters and 80 bytes. "" for
/// what has no course: a slowdown, or growth that was not read at each checkpoint.
std::string growthLine(const Finding& growth, Charset charset);

}  // namespace leakgate
