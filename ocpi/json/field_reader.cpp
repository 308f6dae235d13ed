#include "ocpi/json/field_reader.hpp"

#include "ocpi/base/foreign_date_time.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>

namespace ocpi::json {
namespace {

/// An answer that named thousands of problems would help nobody.
constexpr std::size_t max_problems_named = 200;

/// A printable excerpt of what was sent, for messages.
std::string excerpt(value sent)
{
    constexpr std::size_t max_size = 40;
    const auto text = sent.text();
    if (text.size() <= max_size) return std::string(text);
    auto end = max_size;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

/// Counts the code points of valid UTF-8; std::nullopt when one is a control character.
std::optional<std::size_t> printable_length(std::string_view text)
{
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return {};
        const bool is_c1_control =
            byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (is_c1_control) return {};
        if ((byte & 0xc0) != 0x80) ++length;
    }
    return length;
}

/// True of a DateTime that is stored as it was sent: without a fraction or with one of three
/// digits, in UTC.
bool is_normal(std::string_view date_time, const foreign_date_time& read)
{
    constexpr std::size_t without_fraction = 20;
    constexpr std::size_t with_fraction = 24;
    const auto size = date_time.size();
    return !read.is_foreign && (size == without_fraction || size == with_fraction) &&
           date_time.back() == 'Z';
}

std::string list_names(std::span<const std::string_view> names)
{
    std::string listed;
    for (auto name : names) {
        if (!listed.empty()) listed += ", ";
        listed += name;
    }
    return listed;
}

}  // namespace

void diagnostics::add_problem(std::string_view pointer, std::string text)
{
    problems_.emplace_back(std::string(pointer), std::move(text));
}

void diagnostics::add_replacement(value original, std::string json)
{
    replacements_.emplace_back(original.offset(), original.text().size(), std::move(json));
}

std::string diagnostics::apply_replacements(const document& original) const
{
    auto ordered = replacements_;
    std::sort(ordered.begin(), ordered.end(),
              [](const replacement& a, const replacement& b) { return a.begin < b.begin; });
    const std::string_view text = original.text();
    std::string changed;
    changed.reserve(text.size() + ordered.size());
    std::size_t copied = 0;
    for (const auto& edit : ordered) {
        changed.append(text.substr(copied, edit.begin - copied)).append(edit.json);
        copied = edit.begin + edit.length;
    }
    changed.append(text.substr(copied));
    return changed;
}

error diagnostics::to_error() const
{
    std::string text;
    const auto named = std::min(problems_.size(), max_problems_named);
    for (std::size_t i = 0; i < named; ++i) {
        if (i > 0) text += "; ";
        if (!problems_[i].pointer.empty()) text.append(problems_[i].pointer) += ' ';
        text.append(problems_[i].text);
    }
    if (named < problems_.size()) {
        text += "; and " + std::to_string(problems_.size() - named) + " more problems";
    }
    return error(errc::invalid, std::move(text),
                 problems_.size() == 1 ? problems_.front().pointer : std::string());
}

void check_numbers(const document& read, diagnostics& findings)
{
    for (const auto& pointer : read.pointers_to_long_numbers()) {
        findings.add_problem(pointer, "is a number of more than " +
                                          std::to_string(max_number_length) + " characters");
    }
}

std::optional<object_reader> object_reader::of_root(const document& read, diagnostics& findings)
{
    if (read.root().is(kind::object)) return object_reader(read.root(), "", findings);
    findings.add_problem(
        "", "the body must be an object, not " + std::string(describe(read.root().kind())));
    return {};
}

std::optional<object_reader> object_reader::of_element(value element, std::string pointer,
                                                       diagnostics& findings)
{
    if (element.is(kind::object)) return object_reader(element, std::move(pointer), findings);
    findings.add_problem(pointer,
                         "must be an object, not " + std::string(describe(element.kind())));
    return {};
}

void object_reader::add_problem(std::string_view name, std::string text)
{
    diagnostics_.add_problem(append_pointer(pointer_, name), std::move(text));
}

/// Members mostly stand in the order in which they are read: it looks from the last one on.
std::optional<value> object_reader::find(std::string_view name) const
{
    const auto first = last_;
    for (; last_ != object_.end(); ++last_) {
        if ((*last_).name() == name) return *last_;
    }
    for (last_ = object_.begin(); last_ != first; ++last_) {
        if ((*last_).name() == name) return *last_;
    }
    return {};
}

std::optional<value> object_reader::find_non_null(std::string_view name) const
{
    auto member = find(name);
    if (member && member->is(kind::null)) return {};
    return member;
}

bool object_reader::is_null(std::string_view name) const
{
    const auto member = find(name);
    return member && member->is(kind::null);
}

std::optional<value> object_reader::field(std::string_view name, presence wanted_presence,
                                          kind wanted)
{
    const auto member = find(name);
    if (!member) {
        if (wanted_presence == presence::required) {
            add_problem(name, "is missing: " + std::string(describe(wanted)) + " is required");
        }
        return {};
    }
    if (member->is(kind::null)) {
        if (wanted_presence != presence::optional) {
            add_problem(name, "is null: " + std::string(describe(wanted)) + " is required");
        }
        return {};
    }
    if (!member->is(wanted)) {
        add_problem(name, "must be " + std::string(describe(wanted)) + ", not " +
                              std::string(describe(member->kind())));
        return {};
    }
    return member;
}

std::optional<ci_string> object_reader::ci_text(std::string_view name, std::size_t max_length,
                                                presence wanted)
{
    const auto member = field(name, wanted, kind::string);
    if (!member) return {};
    const auto characters = member->string();
    if (!is_printable_ascii(characters)) {
        add_problem(name, "may hold printable ASCII characters only");
        return {};
    }
    if (characters.size() > max_length) {
        add_problem(name, "is longer than " + std::to_string(max_length) + " characters");
        return {};
    }
    return ci_string(std::string(characters));
}

std::optional<std::string> object_reader::text(std::string_view name, std::size_t max_length,
                                               presence wanted)
{
    const auto member = field(name, wanted, kind::string);
    if (!member) return {};
    const auto length = printable_length(member->string());
    if (!length) {
        add_problem(name, "may not hold control characters");
        return {};
    }
    if (max_length != 0 && *length > max_length) {
        add_problem(name, "is longer than " + std::to_string(max_length) + " characters");
        return {};
    }
    return std::string(member->string());
}

std::optional<decimal> object_reader::number(std::string_view name, presence wanted)
{
    const auto member = field(name, wanted, kind::number);
    if (!member) return {};
    return decimal::parse(member->text());
}

std::optional<bool> object_reader::boolean(std::string_view name, presence wanted)
{
    const auto member = field(name, wanted, kind::boolean);
    if (!member) return {};
    return member->text() == "true";
}

std::optional<date_time> object_reader::timestamp(std::string_view name, presence wanted)
{
    const auto member = field(name, wanted, kind::string);
    if (!member) return {};
    const auto allowed = diagnostics_.allowed();
    const auto read = parse_foreign_date_time(member->string());
    if (!read || (read->is_foreign && !allowed.foreign_timestamps)) {
        add_problem(name, "is not a DateTime such as 2024-01-01T10:00:00Z: " + excerpt(*member));
        return {};
    }
    if (read->parsed.had_offset && !allowed.offset_timestamps) {
        add_problem(name, "must be in UTC, without an offset: " + excerpt(*member));
        return {};
    }
    if (!read->conversion.empty()) {
        diagnostics_.add_tolerated(append_pointer(pointer_, name) + ' ' +
                                   std::string(read->conversion));
    }
    if (!is_normal(member->string(), *read)) {
        diagnostics_.add_replacement(*member, quote(normalized(read->parsed)));
    }
    return read->parsed.value;
}

std::optional<std::size_t> object_reader::one_of(std::string_view name,
                                                 std::span<const std::string_view> allowed,
                                                 presence wanted)
{
    const auto member = field(name, wanted, kind::string);
    if (!member) return {};
    const auto found = std::find(allowed.begin(), allowed.end(), member->string());
    if (found == allowed.end()) {
        add_problem(name, "must be one of " + list_names(allowed) + ", not " + excerpt(*member));
        return {};
    }
    return static_cast<std::size_t>(found - allowed.begin());
}

std::optional<object_reader> object_reader::object(std::string_view name, presence wanted)
{
    const auto member = field(name, wanted, kind::object);
    if (!member) return {};
    return object_reader(*member, append_pointer(pointer_, name), diagnostics_);
}

std::optional<std::size_t> object_reader::list(
    std::string_view name, presence wanted,
    const std::function<void(value, const std::string&)>& each)
{
    const auto member = field(name, wanted, kind::array);
    if (!member) return {};
    if (wanted == presence::required && member->size() == 0) {
        add_problem(name, "is empty: at least one element is required");
    }
    const auto list_pointer = append_pointer(pointer_, name);
    std::size_t index = 0;
    for (auto element : *member) each(element, append_pointer(list_pointer, index++));
    return index;
}

std::optional<std::size_t> object_reader::objects(std::string_view name, presence wanted,
                                                  const std::function<void(object_reader&)>& each)
{
    return list(name, wanted, [&](value element, const std::string& pointer) {
        if (auto object = of_element(element, pointer, diagnostics_)) each(*object);
    });
}

void object_reader::refuse_unknown_members(std::span<const std::string_view> known)
{
    for (const auto member : object_) {
        if (std::find(known.begin(), known.end(), member.name()) != known.end()) continue;
        add_problem(member.name(), "is not known here; known are " + list_names(known));
    }
}

}  // namespace ocpi::json
