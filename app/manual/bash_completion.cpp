#include "app/manual/completion.hpp"

#include <string_view>

namespace ocpi::app::manual {
namespace {

/// `/token/add`; empty for the program.
std::string place_of(const command_description& command)
{
    std::string place;
    for (std::size_t i = 1; i < command.path.size(); ++i) place += '/' + command.path[i];
    return place;
}

/// Commands below this one and its options.
std::string words_of(const command_description& command)
{
    std::string words;
    for (const auto& below : command.commands) words += below.path.back() + ' ';
    for (const auto& option : command.options) {
        if (option.is_positional) continue;
        for (const auto& name : option.names) words += name + ' ';
    }
    if (!words.empty()) words.pop_back();
    return words;
}

/// Lines of `case`, for each command: its place, then what `line` writes for it.
template <class Line>
void append_cases(std::string& text, const command_description& command, const Line& line)
{
    text += line(command);
    for (const auto& below : command.commands) append_cases(text, below, line);
}

std::string case_of_place(const command_description& command)
{
    if (command.path.size() == 1) return {};
    return "        " + place_of(command) + ") place=$place/$word ;;\n";
}

std::string case_of_words(const command_description& command)
{
    return "    '" + place_of(command) + "')\n        words='" + words_of(command) +
           "'\n        ;;\n";
}

/// Options that a value follows: its choices, or file names.
std::string case_of_values(const command_description& command)
{
    std::string text;
    for (const auto& option : command.options) {
        if (option.is_positional || option.placeholder.empty()) continue;
        std::string choices;
        for (const auto& choice : option.choices) choices += choice + ' ';
        for (const auto& name : option.names) {
            text += "    " + place_of(command) + ':' + name + ")\n        ";
            text += choices.empty()
                        ? "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
                        : "mapfile -t COMPREPLY < <(compgen -W '" + choices + "' -- \"$current\")";
            text += "\n        return\n        ;;\n";
        }
    }
    return text;
}

}  // namespace

std::string make_bash_completion(const command_description& program)
{
    const auto& name = program.path.front();
    std::string text = "# bash completion of " + name +
                       ", made from its command line.\n\n"
                       "_ocpi_sessions()\n"
                       "{\n"
                       "    local current=${COMP_WORDS[COMP_CWORD]}\n"
                       "    local previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                       "    local place='' words='' word\n"
                       "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                       "        case $place/$word in\n";
    append_cases(text, program, case_of_place);
    text +=
        "        esac\n"
        "    done\n"
        "    COMPREPLY=()\n"
        "    case $place:$previous in\n";
    append_cases(text, program, case_of_values);
    text +=
        "    esac\n"
        "    case $place in\n";
    append_cases(text, program, case_of_words);
    text +=
        "    esac\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
        "    if [[ $current != -* && $words == -* ]]; then\n"
        "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
        "    fi\n"
        "}\n"
        "complete -o filenames -F _ocpi_sessions " +
        name + '\n';
    return text;
}

}  // namespace ocpi::app::manual
