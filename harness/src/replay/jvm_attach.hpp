// Sends commands to a running Java VM, as jcmd does.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace leakgate {

/// Runs a diagnostic command ("GC.class_histogram") in the JVM and returns its text.
///
/// The first command makes the JVM open its attach socket, by a file in /tmp and SIGQUIT, which is sent only
/// to a process that handles it. Nothing when attaching is switched off (-Xrs, -XX:+DisableAttachMechanism),
/// or takes longer than `timeout`. Source: HotSpot's attachListener_linux.cpp.
std::optional<std::string> askJvm(pid_t pid, std::string_view command, std::chrono::milliseconds timeout);

}  // namespace leakgate
