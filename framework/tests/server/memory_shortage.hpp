#pragma once

namespace h3::test {

/// While on, operator new fails on this thread. Link memory_shortage.cpp, which replaces it.
void setMemoryShort(bool on) noexcept;

}  // namespace h3::test
