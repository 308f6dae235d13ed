#include "tests/transcripts/transcript.hpp"

#include "ocpi/base/date_time.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace transcripts {
namespace {

using ocpi::json::kind;
using ocpi::json::value;

std::string trim(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(trim(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// Walks over a text and tells what stands inside of JSON objects, arrays and strings.
class json_depth {
public:
    /// True when the character stands outside of all of them.
    bool outside(char c)
    {
        if (in_string_) {
            if (escaped_)
                escaped_ = false;
            else if (c == '\\')
                escaped_ = true;
            else if (c == '"')
                in_string_ = false;
            return false;
        }
        const bool was_outside = depth_ == 0;
        if (c == '"')
            in_string_ = true;
        else if (c == '{' || c == '[')
            ++depth_;
        else if (depth_ > 0 && (c == '}' || c == ']'))
            --depth_;
        return was_outside;
    }

private:
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

/// Where `}}` ends the expression that `text` begins with.
std::size_t end_of_expression(std::string_view text)
{
    if (text.starts_with("repeat ") || text.starts_with("bytes ")) return text.find("}}");
    json_depth depth;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (depth.outside(text[i]) && text.substr(i).starts_with("}}")) return i;
    }
    return std::string_view::npos;
}

/// The parts between the bars that do not belong to JSON values.
std::vector<std::string> split_outside_json(std::string_view text)
{
    std::vector<std::string> parts;
    json_depth depth;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!depth.outside(text[i]) || text[i] != '|') continue;
        parts.push_back(trim(text.substr(begin, i - begin)));
        begin = i + 1;
    }
    parts.push_back(trim(text.substr(begin)));
    return parts;
}

/// The blocks defined by `@let`, and the expansion of `{{…}}`.
class blocks {
public:
    void define(const std::string& name, std::string text) { texts_[name] = std::move(text); }

    std::string expand(std::string_view text) const
    {
        std::string expanded;
        for (;;) {
            const auto begin = text.find("{{");
            expanded.append(text.substr(0, begin));
            if (begin == std::string_view::npos) return expanded;
            text.remove_prefix(begin + 2);
            const auto end = end_of_expression(text);
            if (end == std::string_view::npos) throw std::runtime_error("{{ without }}");
            expanded += resolve(text.substr(0, end));
            text.remove_prefix(end + 2);
        }
    }

private:
    std::string resolve(std::string_view expression) const
    {
        const auto parts = split_outside_json(expression);
        std::istringstream words(parts[0]);
        std::string word;
        words >> word;
        if (word == "repeat") {
            std::size_t count = 0;
            std::string text;
            words >> count >> text;
            std::string repeated;
            while (count-- > 0) repeated += text;
            return repeated;
        }
        if (word == "bytes") {
            std::string bytes;
            for (std::string hex; words >> hex;) {
                bytes += static_cast<char>(std::stoi(hex, nullptr, 16));
            }
            return bytes;
        }
        const auto found = texts_.find(word);
        if (found == texts_.end()) throw std::runtime_error("no block named " + word);
        std::string text = expand(found->second);
        for (std::size_t i = 1; i < parts.size(); ++i) text = edit(text, parts[i]);
        return text;
    }

    /// Applies `path = JSON` or `-path`, where the path's steps are set apart by dots.
    std::string edit(const std::string& text, const std::string& change) const
    {
        const auto parsed = ocpi::json::parse(text);
        if (parsed.has_error()) throw std::runtime_error("not JSON: " + text);
        if (change.starts_with('-')) return edit(parsed->root(), change.substr(1), {});
        const auto equals = change.find('=');
        if (equals == std::string::npos) throw std::runtime_error("no change: " + change);
        return edit(parsed->root(), trim(change.substr(0, equals)),
                    expand(trim(change.substr(equals + 1))));
    }

    /// An empty `json` removes.
    static std::string edit(value whole, const std::string& path, const std::string& json)
    {
        const auto dot = path.find('.');
        const auto name = path.substr(0, dot);
        const auto changed = [&](value part) {
            return dot == std::string::npos ? json : edit(part, path.substr(dot + 1), json);
        };
        bool was_there = false;
        if (whole.is(kind::array)) {
            ocpi::json::array_writer edited;
            std::size_t index = 0;
            for (auto element : whole) {
                const bool named = std::to_string(index++) == name;
                const auto text = named ? changed(element) : std::string(element.text());
                was_there = was_there || named;
                if (!text.empty()) edited.raw(text);
            }
            if (!was_there) throw std::runtime_error("no element " + path);
            return edited.finish();
        }
        ocpi::json::object_writer edited;
        for (auto member : whole) {
            const bool named = member.name() == name;
            const auto text = named ? changed(member) : std::string(member.text());
            was_there = was_there || named;
            if (!text.empty()) edited.raw(member.name(), text);
        }
        if (!was_there) {
            if (json.empty() || dot != std::string::npos) {
                throw std::runtime_error("no member " + path);
            }
            edited.raw(name, json);
        }
        return edited.finish();
    }

    std::map<std::string, std::string> texts_;
};

class reader {
public:
    explicit reader(const std::string& path) : path_(path), file_(path)
    {
        if (!file_) throw std::runtime_error("cannot read " + path);
        next();
    }

    std::vector<step> read()
    {
        std::vector<step> steps;
        try {
            while (!at_end_) {
                if (line_.empty() || line_.starts_with("# ") || line_ == "#")
                    next();
                else if (line_.starts_with("@let "))
                    read_block();
                else if (line_.starts_with('@'))
                    steps.push_back(read_directive());
                else if (line_.starts_with("### "))
                    steps.push_back(read_exchange());
                else
                    throw std::runtime_error("expected #, @ or ###: " + line_);
            }
        } catch (const std::exception& failure) {
            throw std::runtime_error(path_ + ':' + std::to_string(number_) + ": " + failure.what());
        }
        return steps;
    }

private:
    void next()
    {
        at_end_ = !std::getline(file_, line_);
        ++number_;
    }

    bool at_step() const { return at_end_ || line_.starts_with("### ") || line_.starts_with('@'); }

    void read_block()
    {
        const auto name = trim(std::string_view(line_).substr(5));
        std::string text;
        for (next(); !at_end_ && !line_.empty(); next()) text += line_ + '\n';
        blocks_.define(name, trim(text));
    }

    step read_directive()
    {
        step read;
        read.line = number_;
        std::istringstream words(line_.substr(1));
        words >> read.directive >> read.argument;
        next();
        return read;
    }

    step read_exchange()
    {
        step read;
        read.line = number_;
        read.title = trim(std::string_view(line_).substr(4));
        next();
        read_request(read);
        read_answer(read);
        return read;
    }

    ocpi::http::header read_header() const
    {
        const auto colon = line_.find(':');
        if (colon == std::string::npos) throw std::runtime_error("not a header: " + line_);
        return {line_.substr(0, colon), blocks_.expand(trim(line_.substr(colon + 1)))};
    }

    void read_request(step& read)
    {
        const auto space = line_.find(' ');
        if (space == std::string::npos) throw std::runtime_error("not a request: " + line_);
        read.request.method = line_.substr(0, space);
        read.request.target = blocks_.expand(trim(line_.substr(space + 1)));
        for (next(); !at_end_ && !line_.empty(); next()) {
            auto field = read_header();
            read.request.headers.add(std::move(field.name), std::move(field.value));
        }
        std::string body;
        while (!at_end_ && !line_.starts_with("HTTP ")) {
            body += line_ + '\n';
            next();
        }
        read.request.body = blocks_.expand(trim(body));
    }

    void read_answer(step& read)
    {
        if (at_end_) throw std::runtime_error("an exchange without an answer");
        read.status = std::stoi(line_.substr(5));
        for (next(); !at_end_ && !line_.empty() && !at_step(); next()) {
            if (line_.starts_with('!'))
                read.absent_headers.push_back(line_.substr(1));
            else
                read.headers.push_back(read_header());
        }
        std::string body;
        while (!at_step()) {
            if (!line_.starts_with("# ")) body += line_ + '\n';
            next();
        }
        body = trim(body);
        if (!body.empty()) read.body = blocks_.expand(body);
    }

    std::string path_;
    std::ifstream file_;
    std::string line_;
    std::size_t number_ = 0;
    bool at_end_ = false;
    blocks blocks_;
};

bool is_uuid(std::string_view text)
{
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_dash = form[i] == '-';
        if (is_dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) {
            return false;
        }
    }
    return true;
}

/// The JSON pointers that a status_message names: each begins one of its parts.
std::set<std::string> named_pointers(std::string_view message)
{
    constexpr std::string_view tolerated = "tolerated: ";
    if (message.starts_with(tolerated)) message.remove_prefix(tolerated.size());
    std::set<std::string> pointers;
    for (const auto& part : split(message, ';')) {
        if (part.starts_with('/')) pointers.insert(part.substr(0, part.find(' ')));
    }
    return pointers;
}

std::string compare(value expected, value actual, const std::string& where);

std::string compare_objects(value expected, value actual, const std::string& where)
{
    for (auto member : expected) {
        const auto name = std::string(member.name());
        const auto other = actual.find(name);
        if (!other) return where + '/' + name + " is missing";
        if (auto found = compare(member, *other, where + '/' + name); !found.empty()) return found;
    }
    for (auto member : actual) {
        if (!expected.find(member.name())) {
            return where + '/' + std::string(member.name()) +
                   " is not expected: " + std::string(member.text());
        }
    }
    return {};
}

std::string compare_arrays(value expected, value actual, const std::string& where)
{
    if (expected.size() != actual.size()) {
        return where + " has " + std::to_string(actual.size()) + " elements, expected " +
               std::to_string(expected.size());
    }
    auto other = actual.begin();
    std::size_t index = 0;
    for (auto element : expected) {
        auto found = compare(element, *other, where + '/' + std::to_string(index++));
        if (!found.empty()) return found;
        ++other;
    }
    return {};
}

std::string compare(value expected, value actual, const std::string& where)
{
    if (expected.is(kind::string) && expected.string() == "<any>") return {};
    if (expected.kind() == actual.kind()) {
        switch (expected.kind()) {
            case kind::object: return compare_objects(expected, actual, where);
            case kind::array: return compare_arrays(expected, actual, where);
            case kind::string:
                if (matches_text(expected.string(), actual.string())) return {};
                break;
            default:
                if (expected.text() == actual.text()) return {};
        }
    }
    return where + " is " + std::string(actual.text()) + ", expected " +
           std::string(expected.text());
}

}  // namespace

std::vector<step> read_transcript(const std::string& path)
{
    return reader(path).read();
}

bool matches_text(std::string_view expected, std::string_view actual)
{
    constexpr std::string_view contains = "<contains ";
    constexpr std::string_view names = "<names ";
    if (expected == "<any>") return true;
    if (expected == "<uuid>") return is_uuid(actual);
    if (expected == "<time>") return ocpi::parse_date_time(actual).has_value();
    if (expected.starts_with(contains) && expected.ends_with('>')) {
        const auto list = expected.substr(contains.size(), expected.size() - contains.size() - 1);
        for (const auto& part : split(list, '|')) {
            if (actual.find(part) == std::string_view::npos) return false;
        }
        return true;
    }
    if (expected.starts_with(names) && expected.ends_with('>')) {
        const auto list = expected.substr(names.size(), expected.size() - names.size() - 1);
        const auto wanted = split(list, '|');
        return std::set<std::string>(wanted.begin(), wanted.end()) == named_pointers(actual);
    }
    return expected == actual;
}

std::string difference(std::string_view expected, std::string_view actual)
{
    const auto wanted = ocpi::json::parse(expected);
    if (wanted.has_error()) {
        return "the expected body is not JSON: " + wanted.error().text();
    }
    const auto got = ocpi::json::parse(actual);
    if (got.has_error()) return "the body is not JSON: " + std::string(actual);
    return compare(wanted->root(), got->root(), "");
}

}  // namespace transcripts
