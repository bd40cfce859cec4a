// The end of a measurement that cannot be exact.
#pragma once

namespace leakgate::shim {

/// Writes "leakgate shim: <what>: <subject>[: <the error's text>]" to the standard error, then aborts.
/// error: an errno value, or 0.
[[noreturn]] void fail(const char* what, const char* subject, int error) noexcept;

}  // namespace leakgate::shim
