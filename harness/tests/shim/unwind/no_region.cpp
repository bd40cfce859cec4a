// The shim's memory is listed in a region. Here there is none.
#include "shim/region_writer.hpp"

namespace leakgate::shim {
Region gRegion;
}
