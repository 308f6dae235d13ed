// The layers of docs/architecture.md and the fences around vendors' libraries, held by a test.

#include "tests/support/project_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace layers_test {

namespace {

namespace fs = std::filesystem;

/// A file's #include lines, each as the path between the quotes or angle brackets.
struct source_file {
    std::string path;
    std::vector<std::string> includes;
};

std::vector<source_file> read_sources()
{
    const fs::path root = ocpi::test::project_directory();
    std::vector<source_file> files;
    for (const char* directory : {"ocpi", "crud", "auth", "http", "server", "partners", "modules",
                                  "application", "app", "examples"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / directory)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            source_file file;
            file.path = fs::relative(entry.path(), root).generic_string();
            std::ifstream text(entry.path());
            for (std::string line; std::getline(text, line);) {
                if (!line.starts_with("#include")) continue;
                const auto begin = line.find_first_of("<\"");
                const auto end = line.find_first_of(">\"", begin + 1);
                file.includes.push_back(line.substr(begin + 1, end - begin - 1));
            }
            files.push_back(std::move(file));
        }
    }
    return files;
}

/// From the ground up. A file may include its own folder and folders of lower rank; folders of one
/// rank do not know each other.
struct layer {
    std::string_view prefix;
    int rank;
};

constexpr layer layers[] = {
    {"ocpi/base/", 0},
    {"ocpi/json/", 1},
    {"ocpi/protocol/", 2},
    {"crud/", 3},
    {"auth/", 4},
    {"http/", 5},
    {"server/", 6},
    {"partners/", 6},
    {"modules/sessions/", 6},
    {"modules/tariffs/", 6},
    {"modules/metering/", 7},
    {"modules/credentials/", 7},
    {"modules/exchange/", 7},
    {"modules/versions/", 7},
    {"modules/openapi/", 7},
    {"modules/development/", 7},
    {"modules/managed/", 8},
    {"modules/driver_plans/", 8},
    {"modules/status/", 9},
    {"modules/pricing/", 10},
    {"modules/console/", 11},
    {"application/", 12},
    {"app/", 13},
    {"examples/", 13},
};

const layer* layer_of(std::string_view path)
{
    const auto* found = std::find_if(std::begin(layers), std::end(layers),
                                     [path](const layer& l) { return path.starts_with(l.prefix); });
    return found == std::end(layers) ? nullptr : found;
}

/// A vendor's headers may be included only from below these paths.
struct fence {
    std::string_view header_prefix;
    std::vector<std::string_view> allowed;
};

const std::vector<fence>& fences()
{
    static const std::vector<fence> all{
        {"rapidjson/", {"ocpi/json/parse.cpp", "ocpi/json/writer.cpp"}},
        {"boost/beast", {"server/"}},
        {"boost/url", {"http/target.cpp", "http/url.cpp"}},
        {"boost/uuid", {"ocpi/base/uuid.cpp"}},
        {"date/", {"ocpi/base/time_zone.cpp"}},
        {"openssl/", {"server/", "auth/hashing.cpp", "ocpi/base/sha256.cpp"}},
        {"sqlite3.h", {"crud/sqlite/"}},
        {"libpq-fe.h", {"crud/postgres/"}},
        {"toml++/", {"app/"}},
        {"CLI/", {"app/"}},
        {"prometheus/", {"app/admin/"}},
    };
    return all;
}

}  // namespace

TEST_CASE("architecture/layers: every file includes only layers below its own")
{
    const auto files = read_sources();
    REQUIRE(files.size() > 50);
    for (const auto& file : files) {
        const auto* own = layer_of(file.path);
        REQUIRE_MESSAGE(own, file.path, " belongs to no layer");
        for (const auto& include : file.includes) {
            const auto* other = layer_of(include);
            if (!other || other->prefix == own->prefix) continue;
            CHECK_MESSAGE(other->rank < own->rank, file.path, " must not include ", include);
        }
    }
}

TEST_CASE("architecture/layers: vendors' headers stay behind their fences")
{
    for (const auto& file : read_sources()) {
        for (const auto& include : file.includes) {
            for (const auto& fence : fences()) {
                if (!include.starts_with(fence.header_prefix)) continue;
                const bool allowed = std::any_of(
                    fence.allowed.begin(), fence.allowed.end(),
                    [&](std::string_view prefix) { return file.path.starts_with(prefix); });
                CHECK_MESSAGE(allowed, file.path, " must not include ", include);
            }
        }
    }
}

TEST_CASE("architecture/layers: only the tests of a database know its library")
{
    const fs::path tests = ocpi::test::project_directory() / "tests";
    for (const auto& entry : fs::recursive_directory_iterator(tests)) {
        const auto path = fs::relative(entry.path(), tests).generic_string();
        if (!path.ends_with(".cpp") && !path.ends_with(".hpp")) continue;
        if (path.starts_with("unit/crud/sqlite/") || path == "support/faulty_vfs.cpp" ||
            path == "faults/allocation/failing_memory.cpp" ||
            path == "support/postgres_server.cpp" || path == "cluster/lease_watch.cpp") {
            continue;
        }
        std::ifstream text(entry.path());
        for (std::string line; std::getline(text, line);) {
            CHECK_MESSAGE(!line.starts_with("#include <sqlite3.h>"), path);
            CHECK_MESSAGE(!line.starts_with("#include <libpq-fe.h>"), path);
        }
    }
}

TEST_CASE("architecture/layers: no public header brings a vendor's header along, Boost.Asio aside")
{
    for (const auto& file : read_sources()) {
        if (!file.path.ends_with(".hpp") || file.path.starts_with("app/")) continue;
        for (const auto& include : file.includes) {
            for (const auto& fence : fences()) {
                CHECK_MESSAGE(!include.starts_with(fence.header_prefix), file.path,
                              " must not include ", include);
            }
        }
    }
}

}  // namespace layers_test
