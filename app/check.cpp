#include "app/commands.hpp"
#include "app/session_check.hpp"
#include "app/text_file.hpp"

#include <algorithm>
#include <cstdio>

namespace ocpi::app {
namespace {

constexpr int sound = 0;
constexpr int problematic = 1;
constexpr int exit_unreadable = 2;

int check_file(const std::string& path)
{
    const auto text = read_text_file(path);
    if (!text) {
        std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
        return exit_unreadable;
    }
    const auto findings = check_sessions(*text);
    if (findings.has_error()) {
        std::printf("%s: %s\n", path.c_str(), findings.error().text().c_str());
        return problematic;
    }
    for (const auto& problem : findings->problems()) {
        const auto place = problem.pointer.empty() ? "" : problem.pointer + ' ';
        std::printf("%s: %s%s\n", path.c_str(), place.c_str(), problem.text.c_str());
    }
    return findings->problems().empty() ? sound : problematic;
}

}  // namespace

int check(const std::vector<std::string>& files)
{
    int worst = sound;
    for (const auto& path : files) worst = std::max(worst, check_file(path));
    return worst;
}

}  // namespace ocpi::app
