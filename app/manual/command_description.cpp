#include "app/manual/command_description.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace ocpi::app::manual {
namespace {

/// The values of a validator that lists them: `TEXT:{on,off}`.
std::vector<std::string> choices_of(std::string_view type_name)
{
    std::vector<std::string> choices;
    const auto begin = type_name.find(":{");
    const auto end = type_name.rfind('}');
    if (begin == type_name.npos || end == type_name.npos) return choices;
    auto list = type_name.substr(begin + 2, end - begin - 2);
    for (;;) {
        const auto comma = list.find(',');
        choices.emplace_back(list.substr(0, comma));
        if (comma == list.npos) return choices;
        list.remove_prefix(comma + 1);
    }
}

option_description describe_option(const CLI::Option& option)
{
    option_description described;
    described.is_positional = option.get_positional();
    if (described.is_positional) {
        described.names.push_back(option.get_name(true));
    } else {
        for (const auto& name : option.get_snames()) described.names.push_back('-' + name);
        for (const auto& name : option.get_lnames()) described.names.push_back("--" + name);
    }
    described.is_required = option.get_required();
    const bool has_value = option.get_type_size() != 0 && option.get_expected_max() != 0;
    if (has_value && !described.is_positional) {
        const auto type_name = option.get_type_name();
        described.choices = choices_of(type_name);
        described.placeholder = type_name.substr(0, type_name.find(':'));
    }
    described.is_repeatable = has_value && option.get_items_expected_max() > 1;
    described.text = option.get_description();
    described.default_value = option.get_default_str();
    return described;
}

command_description describe_below(const CLI::App& app, std::vector<std::string> path)
{
    command_description described;
    described.path = std::move(path);
    described.path.push_back(app.get_name());
    described.text = app.get_description();
    described.footer = app.get_footer();
    const auto options = app.get_options([](const CLI::Option*) { return true; });
    for (const auto* option : options) {
        if (!option->get_group().empty()) described.options.push_back(describe_option(*option));
    }
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    for (const auto* command : commands) {
        if (command->get_group().empty()) continue;
        described.commands.push_back(describe_below(*command, described.path));
    }
    return described;
}

}  // namespace

command_description describe(const CLI::App& app)
{
    return describe_below(app, {});
}

}  // namespace ocpi::app::manual
