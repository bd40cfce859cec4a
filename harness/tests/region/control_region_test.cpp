#include "region/control_region.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "region/layout.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

TEST_CASE("the control page and its directory live as long as the object") {
  fs::path directory;
  {
    ControlRegion control;
    directory = control.directory();
    CHECK(directory.is_absolute());
    CHECK(fs::file_size(directory / "control") == sizeof(layout::ControlPage));
    CHECK(control.epoch() == 0);
    control.setEpoch(7);
    layout::ControlPage page;
    std::ifstream(directory / "control", std::ios::binary).read(reinterpret_cast<char*>(&page), sizeof page);
    CHECK(page.magic == layout::kControlMagic);
    CHECK(page.layoutVersion == layout::kLayoutVersion);
    CHECK(page.epoch == 7);
    std::ofstream(directory / "left-behind") << "x";
  }
  CHECK_FALSE(fs::exists(directory));
}
