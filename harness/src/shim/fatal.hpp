// Aborts with a message.
#pragma once

namespace leakgate::shim {

/// Writes "leakgate shim: <what>: <subject>[: <the error's text>]" to stderr, then aborts: a measurement that
/// cannot be exact must not go on. error: an errno value, or 0.
[[noreturn]] void fail(const char* what, const char* subject, int error) noexcept;

}  // namespace leakgate::shim
