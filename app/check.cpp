#include "app/commands.hpp"
#include "app/text_file.hpp"
#include "modules/sessions/codec.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/field_reader.hpp"

#include <algorithm>
#include <cstdio>

namespace ocpi::app {
namespace {

constexpr int sound = 0;
constexpr int problematic = 1;
constexpr int unreadable = 2;

int check_file(const std::string& path)
{
    const auto text = read_text_file(path);
    if (!text) {
        std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
        return unreadable;
    }
    const auto document = json::parse(*text);
    if (document.has_error()) {
        std::printf("%s: %s\n", path.c_str(), document.error().text().c_str());
        return problematic;
    }
    json::report findings;
    json::check_numbers(*document, findings);
    const auto root = document->root();
    if (root.is(json::kind::array)) {
        std::size_t index = 0;
        for (auto element : root) {
            sessions::check_session(element, json::append_pointer("", index++), findings);
        }
    } else {
        sessions::check_session(root, "", findings);
    }
    for (const auto& problem : findings.problems()) {
        std::printf("%s: %s %s\n", path.c_str(), problem.pointer.c_str(), problem.text.c_str());
    }
    return findings.problems().empty() ? sound : problematic;
}

}  // namespace

int check(const std::vector<std::string>& files)
{
    int worst = sound;
    for (const auto& path : files) worst = std::max(worst, check_file(path));
    return worst;
}

}  // namespace ocpi::app
