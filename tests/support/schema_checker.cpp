#include "tests/support/schema_checker.hpp"

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <regex>
#include <stdexcept>
#include <utility>

namespace ocpi::test {
namespace {

constexpr std::array<std::string_view, 5> annotations{"title", "description", "default", "examples",
                                                      "discriminator"};

/// What became of a check.
struct outcome {
    std::vector<std::string> problems;
    std::set<std::string> met;

    bool is_good() const { return problems.empty(); }
    void add(outcome other)
    {
        std::move(other.problems.begin(), other.problems.end(), std::back_inserter(problems));
        met.merge(other.met);
    }
};

std::size_t read_count(json::value number)
{
    std::size_t count = 0;
    std::from_chars(number.text().data(), number.text().data() + number.text().size(), count);
    return count;
}

std::string resolved(json::value reference)
{
    const auto place = reference.string();
    if (!place.starts_with("#/"))
        throw std::out_of_range("not in the document: " + std::string(place));
    return std::string(place);
}

json::value find_place(json::value root, const std::string& place)
{
    auto found = root;
    for (std::size_t begin = 2; begin <= place.size();) {
        const auto end = std::min(place.find('/', begin), place.size());
        auto token = place.substr(begin, end - begin);
        for (const auto& [escaped, meant] : {std::pair("~1", "/"), std::pair("~0", "~")}) {
            for (auto at = token.find(escaped); at != token.npos;
                 at = token.find(escaped, at + 1)) {
                token.replace(at, 2, meant);
            }
        }
        std::optional<json::value> next;
        if (found.is(json::kind::array)) {
            auto index = std::stoul(token);
            if (index < found.size()) next = *std::next(found.begin(), static_cast<long>(index));
        } else {
            next = found.find(token);
        }
        if (!next) throw std::out_of_range("there is no " + place);
        found = *next;
        begin = end + 1;
    }
    return found;
}

bool is_of_type(json::value value, std::string_view type)
{
    switch (value.kind()) {
        case json::kind::null: return type == "null";
        case json::kind::boolean: return type == "boolean";
        case json::kind::string: return type == "string";
        case json::kind::object: return type == "object";
        case json::kind::array: return type == "array";
        case json::kind::number: break;
    }
    return type == "number" ||
           (type == "integer" && value.text().find_first_of(".eE") == std::string_view::npos);
}

bool is_date_time(std::string_view text)
{
    static const std::regex rfc_3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))");
    return std::regex_match(text.begin(), text.end(), rfc_3339) && parse_date_time(text);
}

/// One value against one schema, and what they hold.
class run {
public:
    run(json::value root, json::value value, std::string where)
        : root_(root), value_(value), where_(std::move(where))
    {
    }

    outcome check(json::value schema, const std::string& place)
    {
        if (schema.is(json::kind::boolean)) {
            if (schema.text() == "false") fail("is not allowed here");
            return std::move(done_);
        }
        for (const auto rule : schema) apply(schema, rule, place);
        return std::move(done_);
    }

private:
    void fail(const std::string& text)
    {
        done_.problems.push_back((where_.empty() ? "/" : where_) + ": " + text);
    }

    outcome check_here(json::value schema, const std::string& place) const
    {
        return run(root_, value_, where_).check(schema, place);
    }

    void check_member(json::value member, const std::string& pointer, json::value schema,
                      const std::string& place)
    {
        done_.add(run(root_, member, pointer).check(schema, place));
    }

    void apply(json::value schema, json::value rule, const std::string& place)
    {
        const auto keyword = rule.name();
        const auto below = place + '/' + std::string(keyword);
        if (std::find(annotations.begin(), annotations.end(), keyword) != annotations.end()) return;
        if (keyword == "$ref") {
            const auto other = resolved(rule);
            done_.add(check_here(find_place(root_, other), other));
        } else if (keyword == "type") {
            check_type(rule, below);
        } else if (keyword == "enum") {
            check_enum(rule, below);
        } else if (keyword == "const") {
            if (!json::same(value_, rule, json::number_equality::amount)) {
                fail("must be " + std::string(rule.text()));
            }
        } else if (keyword == "oneOf" || keyword == "anyOf" || keyword == "allOf") {
            check_branches(schema, rule, below);
        } else if (!apply_to_kind(schema, rule, keyword, below)) {
            fail("the checker does not know the keyword " + below);
        }
    }

    /// The rules that concern values of one kind alone. False when the keyword is not known.
    bool apply_to_kind(json::value schema, json::value rule, std::string_view keyword,
                       const std::string& below)
    {
        const bool is_object = value_.is(json::kind::object);
        const bool is_array = value_.is(json::kind::array);
        const bool is_string = value_.is(json::kind::string);
        if (keyword == "properties") {
            if (is_object) check_properties(rule, below);
        } else if (keyword == "required") {
            if (is_object) check_required(rule);
        } else if (keyword == "additionalProperties") {
            if (is_object) check_additional(schema, rule, below);
        } else if (keyword == "items") {
            if (is_array) check_items(rule, below);
        } else if (keyword == "minItems") {
            if (is_array && value_.size() < read_count(rule)) fail("has too few elements");
        } else if (keyword == "maxItems") {
            if (is_array && value_.size() > read_count(rule)) fail("has too many elements");
        } else if (keyword == "minLength") {
            if (is_string && value_.string().size() < read_count(rule)) fail("is too short");
        } else if (keyword == "minimum" || keyword == "maximum") {
            if (value_.is(json::kind::number)) check_bound(rule, keyword == "minimum");
        } else if (keyword == "exclusiveMaximum") {
            if (value_.is(json::kind::number)) check_below(rule);
        } else if (keyword == "pattern") {
            if (is_string) check_pattern(rule);
        } else if (keyword == "format" && rule.string() == "date-time") {
            if (is_string && !is_date_time(value_.string())) fail("is no date-time");
        } else {
            return false;
        }
        return true;
    }

    void check_type(json::value rule, const std::string& below)
    {
        if (rule.is(json::kind::string)) {
            if (!is_of_type(value_, rule.string())) {
                fail("must be of type " + std::string(rule.string()));
            }
            return;
        }
        bool is_any = false;
        for (const auto type : rule) {
            if (!is_of_type(value_, type.string())) continue;
            is_any = true;
            done_.met.insert(below + '/' + std::string(type.string()));
        }
        if (!is_any) fail("must be of one of the types " + std::string(rule.text()));
    }

    void check_enum(json::value rule, const std::string& below)
    {
        for (const auto allowed : rule) {
            if (!json::same(value_, allowed, json::number_equality::amount)) continue;
            done_.met.insert(below + '/' + std::string(allowed.text()));
            return;
        }
        fail("must be one of " + std::string(rule.text()));
    }

    void check_branches(json::value schema, json::value rule, const std::string& below)
    {
        std::size_t index = 0;
        std::size_t good = 0;
        outcome failed;
        for (const auto branch : rule) {
            const auto place = below + '/' + std::to_string(index++);
            auto outcome = check_here(branch, place);
            if (rule.name() == "allOf") {
                done_.add(std::move(outcome));
            } else if (outcome.is_good()) {
                ++good;
                outcome.met.insert(place);
                done_.add(std::move(outcome));
                check_discriminator(schema, branch);
            } else {
                failed.add(std::move(outcome));
            }
        }
        if (rule.name() == "allOf") return;
        if (good == 0) {
            fail("fits no branch of " + below);
            std::move(failed.problems.begin(), failed.problems.end(),
                      std::back_inserter(done_.problems));
        }
        if (good > 1 && rule.name() == "oneOf") fail("fits more than one branch of " + below);
    }

    /// A reader that goes by the discriminator must come to the branch that fits.
    void check_discriminator(json::value schema, json::value branch)
    {
        const auto discriminator = schema.find("discriminator");
        if (!discriminator) return;
        const auto name = discriminator->find("propertyName");
        const auto mapping = discriminator->find("mapping");
        const auto reference = branch.find("$ref");
        if (!name || !mapping || !reference) return fail("has half a discriminator");
        const auto member = value_.find(name->string());
        const auto leads_to = member ? mapping->find(member->string()) : std::nullopt;
        if (!leads_to || leads_to->string() != reference->string()) {
            fail("its discriminator leads to another branch");
        }
    }

    void check_properties(json::value rule, const std::string& below)
    {
        for (const auto member : rule) {
            const auto present = value_.find(member.name());
            if (!present) continue;
            check_member(*present, json::append_pointer(where_, member.name()), member,
                         json::append_pointer(below, member.name()));
        }
    }

    void check_required(json::value rule)
    {
        for (const auto name : rule) {
            if (!value_.find(name.string())) fail("lacks " + std::string(name.string()));
        }
    }

    void check_additional(json::value schema, json::value rule, const std::string& below)
    {
        const auto known = schema.find("properties");
        for (const auto member : value_) {
            if (known && known->find(member.name())) continue;
            check_member(member, json::append_pointer(where_, member.name()), rule, below);
        }
    }

    void check_items(json::value rule, const std::string& below)
    {
        std::size_t index = 0;
        for (const auto element : value_) {
            check_member(element, json::append_pointer(where_, index++), rule, below);
        }
    }

    void check_bound(json::value rule, bool is_lower)
    {
        const auto number = decimal::parse(value_.text());
        const auto bound = decimal::parse(rule.text());
        if (!number || !bound) return fail("cannot be compared");
        if (is_lower ? *number < *bound : *number > *bound) {
            fail((is_lower ? "is below " : "is above ") + std::string(rule.text()));
        }
    }

    void check_below(json::value rule)
    {
        const auto number = decimal::parse(value_.text());
        const auto bound = decimal::parse(rule.text());
        if (!number || !bound) return fail("cannot be compared");
        if (*number >= *bound) fail("is not below " + std::string(rule.text()));
    }

    void check_pattern(json::value rule)
    {
        const std::regex pattern{std::string(rule.string())};
        const auto text = value_.string();
        if (!std::regex_search(text.begin(), text.end(), pattern)) {
            fail("does not match " + std::string(rule.string()));
        }
    }

    json::value root_;
    json::value value_;
    std::string where_;
    outcome done_;
};

void collect_alternatives(json::value schema, const std::string& place,
                          std::set<std::string>& found)
{
    for (const auto rule : schema) {
        const auto keyword = rule.name();
        const auto below = place + '/' + std::string(keyword);
        if (keyword == "oneOf" || keyword == "anyOf" || keyword == "allOf") {
            std::size_t index = 0;
            for (const auto branch : rule) {
                const auto branch_place = below + '/' + std::to_string(index++);
                if (keyword != "allOf") found.insert(branch_place);
                collect_alternatives(branch, branch_place, found);
            }
        } else if (keyword == "type" && rule.is(json::kind::array)) {
            for (const auto type : rule) found.insert(below + '/' + std::string(type.string()));
        } else if (keyword == "enum") {
            for (const auto allowed : rule) found.insert(below + '/' + std::string(allowed.text()));
        } else if (keyword == "properties") {
            for (const auto member : rule) {
                collect_alternatives(member, json::append_pointer(below, member.name()), found);
            }
        } else if (keyword == "items" || keyword == "additionalProperties") {
            if (rule.is(json::kind::object)) collect_alternatives(rule, below, found);
        }
    }
}

}  // namespace

json::value schema_checker::at(const std::string& place) const
{
    return find_place(root_, place);
}

std::vector<std::string> schema_checker::check(json::value value, const std::string& schema)
{
    auto done = run(root_, value, "").check(at(schema), schema);
    if (done.is_good()) met_.merge(done.met);
    return std::move(done.problems);
}

std::vector<std::string> schema_checker::check(std::string_view text, const std::string& schema)
{
    const auto parsed = json::parse(text, 40);
    if (parsed.has_error()) return {"no JSON: " + parsed.error().text()};
    return check(parsed->root(), schema);
}

std::set<std::string> schema_checker::alternatives(const std::string& schema) const
{
    std::set<std::string> found;
    collect_alternatives(at(schema), schema, found);
    return found;
}

}  // namespace ocpi::test
