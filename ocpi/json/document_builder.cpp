#include "ocpi/json/document_builder.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ocpi::json::detail {
namespace {

bool is_white_space(char c) noexcept
{
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

bool is_separator(char c) noexcept
{
    return c == ',' || c == ':';
}

std::uint32_t position(const std::string& text)
{
    return static_cast<std::uint32_t>(text.size());
}

/// Past the closing quote of the string that begins there and has escapes.
std::size_t end_of_escaped_string(std::string_view text, std::size_t begin) noexcept
{
    auto at = begin + 1;
    while (text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
    return at + 1;
}

/// The reader resolves `\uDC00` standing alone to a code point that UTF-8 cannot hold.
bool has_surrogate(std::string_view decoded) noexcept
{
    for (std::size_t i = 0; i + 1 < decoded.size(); ++i) {
        if (decoded[i] == '\xed' && static_cast<unsigned char>(decoded[i + 1]) >= 0xa0) {
            return true;
        }
    }
    return false;
}

/// A name that stands twice among these, which it may sort.
std::optional<std::string_view> find_twice(std::vector<std::string_view>& names)
{
    // Each with each takes less than sorting while they are few, as they nearly always are.
    constexpr std::size_t few = 16;
    if (names.size() <= few) {
        for (auto name = names.begin(); name != names.end(); ++name) {
            if (std::find(names.begin(), name, *name) != name) return *name;
        }
        return {};
    }
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return {};
    return *twice;
}

}  // namespace

bool is_number_character(char c) noexcept
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

std::size_t end_of_number(std::string_view text, std::size_t begin) noexcept
{
    while (begin < text.size() && is_number_character(text[begin])) ++begin;
    return begin;
}

document_builder::document_builder(std::string_view source, std::size_t deepest_allowed)
    : source_(source),
      may_have_escapes_(source.find('\\') != std::string_view::npos),
      deepest_allowed_(deepest_allowed),
      built_(std::make_unique<storage>())
{
    built_->text.reserve(source.size());
    built_->nodes.reserve(source.size() / 16 + 1);
}

std::unique_ptr<storage> document_builder::take()
{
    copy_run();
    return std::move(built_);
}

/// On to the token that the reader has found: past separators, which belong to the text, and
/// white space, which does not.
inline void document_builder::go_to_token()
{
    if (is_separator(source_[at_])) ++at_;
    if (is_white_space(source_[at_])) skip_white_space();
}

/// Of the string at at_ that has so many characters: an escape stands for at least one, so the
/// first backslash is among as many.
inline bool document_builder::has_escapes(std::size_t length) const noexcept
{
    return may_have_escapes_ &&
           source_.substr(at_ + 1, length).find('\\') != std::string_view::npos;
}

/// Where in the document's text stands what is at at_.
inline std::uint32_t document_builder::here() const noexcept
{
    return static_cast<std::uint32_t>(built_->text.size() + at_ - run_begin_);
}

bool document_builder::Null()
{
    go_to_token();
    return add_scalar(kind::null, 4);
}

bool document_builder::Bool(bool truth)
{
    go_to_token();
    return add_scalar(kind::boolean, truth ? 4 : 5);
}

bool document_builder::EndObject(unsigned)
{
    return (!open_.back().may_have_name_twice || names_are_unique()) && close();
}

bool document_builder::RawNumber(const char*, unsigned, bool)
{
    go_to_token();
    const auto length = end_of_number(source_, at_) - at_;
    if (length > max_number_length) {
        built_->long_numbers.push_back(static_cast<std::uint32_t>(built_->nodes.size()));
    }
    return add_scalar(kind::number, length);
}

bool document_builder::String(const char* characters, unsigned length, bool)
{
    go_to_token();
    if (!has_escapes(length)) return add_scalar(kind::string, length + 2);
    add_scalar(kind::string, end_of_escaped_string(source_, at_) - at_);
    auto& node = built_->nodes.back();
    node.text_is_decoded = true;
    node.decoded_begin = position(built_->decoded);
    built_->decoded.append(characters, length);
    node.decoded_end = position(built_->decoded);
    return check_surrogates({characters, length});
}

bool document_builder::Key(const char* characters, unsigned length, bool)
{
    go_to_token();
    begin_item();
    after_name_ = true;
    mark_name({characters, length});
    name_is_decoded_ = has_escapes(length);
    if (!name_is_decoded_) {
        name_begin_ = here() + 1;
        name_end_ = name_begin_ + length;
        at_ += length + 2;
        return true;
    }
    name_begin_ = position(built_->decoded);
    built_->decoded.append(characters, length);
    name_end_ = position(built_->decoded);
    at_ = end_of_escaped_string(source_, at_);
    return check_surrogates({characters, length});
}

void document_builder::copy_run()
{
    built_->text.append(source_.substr(run_begin_, at_ - run_begin_));
    run_begin_ = at_;
}

/// And past the separator within it.
void document_builder::skip_white_space()
{
    for (;; ++at_) {
        if (is_white_space(source_[at_])) {
            copy_run();
            while (is_white_space(source_[at_])) ++at_;
            run_begin_ = at_;
        }
        if (!is_separator(source_[at_])) return;
    }
}

bool document_builder::refuse(std::string why)
{
    objection_ = std::move(why);
    return false;
}

bool document_builder::check_surrogates(std::string_view decoded)
{
    return !has_surrogate(decoded) || refuse("a string has a lone surrogate");
}

void document_builder::mark_name(std::string_view name)
{
    auto& object = open_.back();
    auto mark = name.size();
    if (!name.empty()) {
        mark += 5U * static_cast<unsigned char>(name.front());
        mark += 11U * static_cast<unsigned char>(name.back());
    }
    const auto bit = std::uint64_t{1} << mark % 64;
    if ((object.name_bits & bit) != 0) object.may_have_name_twice = true;
    object.name_bits |= bit;
}

/// Counts a value or name into its container.
void document_builder::begin_item()
{
    if (!open_.empty()) ++built_->nodes[open_.back().node].size;
}

node& document_builder::add_node(kind of)
{
    if (!after_name_) begin_item();
    auto& node = built_->nodes.emplace_back();
    node.kind = of;
    node.begin = here();
    if (after_name_) {
        node.name_begin = name_begin_;
        node.name_end = name_end_;
        node.name_is_decoded = name_is_decoded_;
    }
    after_name_ = false;
    return node;
}

/// The scalar at at_.
bool document_builder::add_scalar(kind of, std::size_t length)
{
    auto& node = add_node(of);
    at_ += length;
    node.end = here();
    node.next = static_cast<std::uint32_t>(built_->nodes.size());
    return true;
}

bool document_builder::open(kind of)
{
    if (open_.size() == deepest_allowed_) {
        return refuse("it is nested deeper than " + std::to_string(deepest_allowed_) + " levels");
    }
    go_to_token();
    add_node(of);
    ++at_;
    open_.emplace_back().node = static_cast<std::uint32_t>(built_->nodes.size() - 1);
    return true;
}

bool document_builder::close()
{
    go_to_token();
    ++at_;
    auto& node = built_->nodes[open_.back().node];
    node.end = here();
    node.next = static_cast<std::uint32_t>(built_->nodes.size());
    open_.pop_back();
    return true;
}

bool document_builder::names_are_unique()
{
    copy_run();
    // The container is not closed yet, so its end is where the nodes end.
    names_.clear();
    for (auto index = open_.back().node + 1; index < built_->nodes.size();
         index = built_->nodes[index].next) {
        names_.push_back(value(built_.get(), index).name());
    }
    const auto twice = find_twice(names_);
    if (!twice) return true;
    return refuse("the member \"" + std::string(twice->substr(0, 64)) + "\" appears twice");
}

}  // namespace ocpi::json::detail
