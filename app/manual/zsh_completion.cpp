#include "app/manual/completion.hpp"

#include <string_view>

namespace ocpi::app::manual {
namespace {

/// Text within single quotes of a specification of _arguments or _describe.
std::string quote(std::string_view text)
{
    std::string quoted;
    for (const char c : text) {
        if (c == '\'') {
            quoted += "'\\''";
            continue;
        }
        if (c == '[' || c == ']' || c == ':' || c == '\\') quoted += '\\';
        quoted += c == '\n' ? ' ' : c;
    }
    return quoted;
}

std::string function_of(const command_description& command)
{
    std::string name;
    for (const auto& word : command.path) name += '_' + word;
    return name;
}

std::string action_of(const option_description& option)
{
    if (option.choices.empty()) return "_files";
    std::string list = "(";
    for (const auto& choice : option.choices) list += choice + ' ';
    list.back() = ')';
    return list;
}

std::string specifications_of(const option_description& option)
{
    if (option.is_positional) {
        return std::string("        '") + (option.is_repeatable ? "*" : "") + ':' +
               quote(option.names.back()) + ":_files' \\\n";
    }
    std::string text;
    for (const auto& name : option.names) {
        text += std::string("        '") + (option.is_repeatable ? "*" : "") + name + '[' +
                quote(option.text) + ']';
        if (!option.placeholder.empty()) {
            text += ':' + quote(option.placeholder) + ':' + action_of(option);
        }
        text += "' \\\n";
    }
    return text;
}

void append_function(std::string& text, const command_description& command)
{
    for (const auto& below : command.commands) append_function(text, below);
    text += function_of(command) + "() {\n";
    if (!command.commands.empty()) {
        text +=
            "    local curcontext=$curcontext state line\n"
            "    typeset -A opt_args\n"
            "    local -a commands=(\n";
        for (const auto& below : command.commands) {
            text += "        '" + quote(below.path.back()) + ':' + quote(below.text) + "'\n";
        }
        text += "    )\n";
    }
    text += "    _arguments -C \\\n";
    for (const auto& option : command.options) text += specifications_of(option);
    if (command.commands.empty()) {
        text += "        && return\n}\n\n";
        return;
    }
    text +=
        "        '1: :->command' '*:: :->below' && return\n"
        "    case $state in\n"
        "    command) _describe -t commands command commands ;;\n"
        "    below)\n"
        "        case $words[1] in\n";
    for (const auto& below : command.commands) {
        text += "        " + below.path.back() + ") " + function_of(below) + " ;;\n";
    }
    text +=
        "        esac\n"
        "        ;;\n"
        "    esac\n"
        "}\n\n";
}

}  // namespace

std::string make_zsh_completion(const command_description& program)
{
    std::string text = "#compdef " + program.path.front() + "\n\n";
    append_function(text, program);
    return text + function_of(program) + " \"$@\"\n";
}

}  // namespace ocpi::app::manual
