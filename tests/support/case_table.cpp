#include "tests/support/case_table.hpp"

#include "tests/support/project_directory.hpp"

#include <cctype>
#include <fstream>
#include <stdexcept>

namespace ocpi::test {
namespace {

std::string trim(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    if (first == text.npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// The byte that an escape names; what it takes of the text goes.
char take_escape(std::string_view& text)
{
    const char kind = text.at(1);
    const std::size_t size = kind == 'x' ? 4 : 2;
    const auto digits = text.substr(2, size - 2);
    text.remove_prefix(size);
    switch (kind) {
        case 'r': return '\r';
        case 'n': return '\n';
        case 't': return '\t';
        case '0': return '\0';
        case 'x': return static_cast<char>(std::stoi(std::string(digits), nullptr, 16));
        default: return kind;
    }
}

bool is_repetition(std::string_view text)
{
    return text.size() > 1 && text[0] == '{' &&
           std::isdigit(static_cast<unsigned char>(text[1])) != 0 && text.find(':') != text.npos;
}

}  // namespace

std::string expand_bytes(std::string_view text, bool has_escapes)
{
    std::string bytes;
    while (!text.empty()) {
        if (has_escapes && text.front() == '\\') {
            bytes += take_escape(text);
        } else if (is_repetition(text)) {
            const auto colon = text.find(':');
            const auto end = text.find('}', colon);
            const auto part = expand_bytes(text.substr(colon + 1, end - colon - 1), has_escapes);
            const int count = std::stoi(std::string(text.substr(1, colon - 1)));
            for (int i = 0; i < count; ++i) bytes += part;
            text.remove_prefix(end + 1);
        } else {
            bytes += text.front();
            text.remove_prefix(1);
        }
    }
    return bytes;
}

std::vector<table_case> read_cases(const std::string& path, bool has_escapes)
{
    std::ifstream file(project_directory() / path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<table_case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        const auto first = line.find(" | ");
        const auto second = line.find(" | ", first + 1);
        if (second == line.npos) throw std::runtime_error(path + ": not a case: " + line);
        table_case read;
        read.expected = trim(line.substr(0, first));
        read.why = trim(line.substr(first + 3, second - first - 3));
        read.bytes = expand_bytes(line.substr(second + 3), has_escapes);
        cases.push_back(std::move(read));
    }
    return cases;
}

}  // namespace ocpi::test
