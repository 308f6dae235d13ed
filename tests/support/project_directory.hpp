#pragma once

#include <filesystem>

namespace ocpi::test {

/// The root of the source tree that this program was built from.
std::filesystem::path project_directory();

}  // namespace ocpi::test
