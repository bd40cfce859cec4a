// Finds separate debug files on this machine, by build-id and by .gnu_debuglink.
#pragma once

#include <elfutils/libdwfl.h>

namespace leakgate {

/// For Dwfl_Callbacks::find_debuginfo. Looks in this order, and never on the network (elfutils' own function
/// would):
///
///   /usr/lib/debug/.build-id/ab/cdef.debug, then .build-id beside the file
///   the debuglink's name beside the file, in .debug beside it, below /usr/lib/debug
///
/// A file found by name must have the build-id of the module; without one, the debuglink's checksum.
int findDebugFile(Dwfl_Module* module, void** userdata, const char* moduleName, Dwarf_Addr base,
                  const char* fileName, const char* linkName, GElf_Word linkChecksum, char** found);

}  // namespace leakgate
