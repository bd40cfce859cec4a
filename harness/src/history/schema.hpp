// The tables of a history, and their versions.
#pragma once

#include "history/database.hpp"

namespace leakgate {

inline constexpr std::int64_t kHistoryVersion = 1;

/// Makes the tables in an empty database, or brings those of an older version up to date; in one
/// transaction, whichever of several processes comes first. Errors: InputError when the tables are newer
/// than this leakgate, or the file is another program's; DatabaseError.
void prepareSchema(Database& database);

}  // namespace leakgate
