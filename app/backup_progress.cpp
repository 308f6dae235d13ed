#include "app/backup_progress.hpp"

#include "app/progress_bar.hpp"

#include <algorithm>

namespace ocpi::app {
namespace {

using crud::sqlite::backup_progress;
using crud::sqlite::backup_step;

std::string name_of(backup_step step)
{
    switch (step) {
        case backup_step::check: return "checking the file";
        case backup_step::read: return "reading the records";
        case backup_step::copy: return "copying the pages";
        case backup_step::verify: return "verifying the copy";
    }
    return {};
}

std::string padded(const std::string& name, std::size_t width)
{
    return name + std::string(width > name.size() ? width - name.size() : 0, ' ');
}

}  // namespace

std::string draw_backup_line(const backup_progress& so_far, std::size_t columns)
{
    return draw_step_line(name_of(so_far.step), so_far.done, so_far.total, columns);
}

std::string describe_contents(const crud::store_contents& contents)
{
    std::size_t width = std::string("revision").size();
    for (const auto& each : contents.modules) width = std::max(width, each.module.size());
    std::string text;
    const auto add = [&](const std::string& name, const std::string& value) {
        text += padded(name, width + 2) + value + '\n';
    };
    for (const auto& each : contents.modules) add(each.module, std::to_string(each.records));
    add("records", std::to_string(contents.records));
    add("revision", std::to_string(contents.last_revision));
    add("sha256", contents.hash);
    return text;
}

void backup_display::show(const backup_progress& so_far)
{
    display_.show(name_of(so_far.step), so_far.done, so_far.total);
}

}  // namespace ocpi::app
