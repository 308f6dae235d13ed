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
    const auto room = columns > 0 ? columns - 1 : 0;
    auto text = name_of(so_far.step);
    if (so_far.done > 0) text += ' ' + std::to_string(so_far.done);
    if (so_far.total > 0) {
        if (so_far.done == 0) text += " 0";
        text += '/' + std::to_string(so_far.total) + ' ' + percent_of(so_far.done, so_far.total);
        constexpr std::size_t frame = 3;  // two brackets and a blank
        const auto used = text.size() + frame;
        const auto bar = used < room ? std::min(room - used, max_bar_width) : 0;
        if (bar >= min_bar_width) text.insert(0, draw_bar(so_far.done, so_far.total, bar) + ' ');
    }
    return text.substr(0, room);
}

std::string describe_contents(const crud::sqlite::backup_contents& contents)
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
    if (line_.is_terminal()) {
        line_.draw(draw_backup_line(so_far, line_.columns()));
    } else if (shown_ != so_far.step) {
        std::fprintf(out_, "%s\n", name_of(so_far.step).c_str());
        std::fflush(out_);
    }
    shown_ = so_far.step;
}

}  // namespace ocpi::app
