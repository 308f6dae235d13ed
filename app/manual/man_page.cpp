#include "app/manual/man_page.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace ocpi::app::manual {
namespace {

/// Text that troff shows as it is.
std::string escape(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        const bool begins_line = escaped.empty() || escaped.back() == '\n';
        if (begins_line && (c == '.' || c == '\'')) escaped += "\\&";
        if (c == '\\') {
            escaped += "\\e";
        } else if (c == '-') {
            escaped += "\\-";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string join(const std::vector<std::string>& words, std::string_view separator)
{
    std::string joined;
    for (const auto& word : words) {
        if (!joined.empty()) joined += separator;
        joined += word;
    }
    return joined;
}

std::string bold(std::string_view text)
{
    return "\\fB" + escape(text) + "\\fR";
}

std::string italic(std::string_view text)
{
    return "\\fI" + escape(text) + "\\fR";
}

/// What follows an option: a name for its value, or the values.
std::string value_of(const option_description& option)
{
    if (option.placeholder.empty()) return {};
    if (option.choices.empty()) return ' ' + italic(option.placeholder);
    std::vector<std::string> choices;
    for (const auto& choice : option.choices) choices.push_back(bold(choice));
    return ' ' + join(choices, "|");
}

std::string synopsis_of(const command_description& command)
{
    std::string line = bold(join(command.path, " "));
    bool has_optional = false;
    for (const auto& option : command.options) {
        if (option.is_positional) continue;
        if (option.is_required) {
            line += ' ' + bold(option.names.back()) + value_of(option);
        } else {
            has_optional = true;
        }
    }
    if (has_optional) line += " [" + italic("OPTION") + "...]";
    for (const auto& option : command.options) {
        if (!option.is_positional) continue;
        line += ' ' + italic(option.names.back()) + (option.is_repeatable ? "..." : "");
    }
    if (!command.commands.empty()) line += ' ' + italic("COMMAND") + " ...";
    return line + '\n';
}

std::string options_of(const command_description& command)
{
    std::string text;
    for (const auto& option : command.options) {
        std::vector<std::string> names;
        for (const auto& name : option.names) {
            names.push_back((option.is_positional ? italic(name) : bold(name)) + value_of(option));
        }
        text += ".TP\n" + join(names, ", ") + '\n' + escape(option.text);
        if (!option.default_value.empty()) {
            text += " (default: " + escape(option.default_value) + ')';
        }
        if (option.is_required && !option.is_positional) text += " (required)";
        if (option.is_repeatable && !option.is_positional) text += " (may be repeated)";
        text += '\n';
    }
    return text;
}

std::string full_stop(std::string text)
{
    if (!text.empty() && text.back() != '.') text += '.';
    return text;
}

/// Lines that are not to be filled, such as a table.
std::string footer_of(const command_description& command)
{
    if (command.footer.empty()) return {};
    return ".SH NOTES\n.nf\n" + escape(command.footer) + "\n.fi\n";
}

std::string page_name(const command_description& command)
{
    return join(command.path, "-");
}

std::string header_of(const command_description& command, const std::string& version)
{
    auto title = page_name(command);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return ".TH " + escape(title) + " 1 \"\" \"" + escape(command.path.front() + ' ' + version) +
           "\" \"User Commands\"\n.nh\n.SH NAME\n" + escape(page_name(command)) + " \\- " +
           escape(command.text) + "\n.SH SYNOPSIS\n";
}

std::string exit_status()
{
    return ".SH EXIT STATUS\n0 on success, 1 when a check has found something, 2 when the "
           "arguments "
           "are wrong or the command cannot be carried out.\n";
}

/// The commands below one, each with its options.
std::string commands_of(const command_description& command)
{
    std::string text = ".SH COMMANDS\n";
    for (const auto& below : command.commands) {
        text += ".SS " + escape(below.path.back()) + '\n' + synopsis_of(below) + ".PP\n" +
                escape(full_stop(below.text)) + '\n' + options_of(below);
    }
    return text;
}

man_page make_command_page(const command_description& command, const std::string& version)
{
    auto text = header_of(command, version);
    for (const auto& below : command.commands) text += synopsis_of(below) + ".br\n";
    if (command.commands.empty()) text += synopsis_of(command);
    text += ".SH DESCRIPTION\n" + escape(full_stop(command.text)) + '\n';
    if (!command.commands.empty()) text += commands_of(command);
    if (command.commands.empty()) text += ".SH OPTIONS\n" + options_of(command);
    text += footer_of(command) + exit_status() + ".SH SEE ALSO\n.BR " +
            escape(command.path.front()) + " (1)\n";
    return man_page{page_name(command) + ".1", std::move(text)};
}

man_page make_program_page(const command_description& program, const std::string& version)
{
    auto text = header_of(program, version) + synopsis_of(program);
    text += ".SH DESCRIPTION\n" + escape(full_stop(program.text)) +
            "\n.SH COMMANDS\nEach command has a page of its own.\n";
    std::string see_also;
    for (const auto& command : program.commands) {
        const auto page = escape(page_name(command));
        text += ".TP\n\\fB" + page + "\\fR(1)\n" + escape(full_stop(command.text)) + '\n';
        if (!see_also.empty()) see_also += " ,\n";
        see_also += ".BR " + page + " (1)";
    }
    text +=
        ".SH OPTIONS\n" + options_of(program) + exit_status() + ".SH SEE ALSO\n" + see_also + '\n';
    return man_page{page_name(program) + ".1", std::move(text)};
}

}  // namespace

std::vector<man_page> make_man_pages(const command_description& program, const std::string& version)
{
    std::vector<man_page> pages;
    pages.push_back(make_program_page(program, version));
    for (const auto& command : program.commands) {
        pages.push_back(make_command_page(command, version));
    }
    return pages;
}

}  // namespace ocpi::app::manual
