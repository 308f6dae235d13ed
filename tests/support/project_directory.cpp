#include "tests/support/project_directory.hpp"

namespace ocpi::test {

std::filesystem::path project_directory()
{
    return PROJECT_DIRECTORY;
}

}  // namespace ocpi::test
