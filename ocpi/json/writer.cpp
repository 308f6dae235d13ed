#include "ocpi/json/writer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <utility>

namespace ocpi::json {
namespace {

using validating_writer =
    rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                      rapidjson::CrtAllocator, rapidjson::kWriteValidateEncodingFlag>;

/// A type, so that the loop over a text is compiled with it.
struct stays_as_it_is {
    bool operator()(char c) const noexcept
    {
        return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\';
    }
};

bool write_quoted(std::string_view text, rapidjson::StringBuffer& out)
{
    validating_writer writer(out);
    return writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

/// Appends the text as quote() returns it.
void append_quoted(std::string& to, std::string_view text)
{
    if (std::all_of(text.begin(), text.end(), stays_as_it_is())) {
        to += '"';
        to.append(text) += '"';
        return;
    }
    rapidjson::StringBuffer out;
    if (!write_quoted(text, out)) {
        std::string ascii(text);
        std::replace_if(
            ascii.begin(), ascii.end(), [](char c) { return c < 0; }, '?');
        out.Clear();
        write_quoted(ascii, out);
    }
    to.append(out.GetString(), out.GetSize());
}

}  // namespace

std::string quote(std::string_view text)
{
    std::string quoted;
    quoted.reserve(text.size() + 2);
    append_quoted(quoted, text);
    return quoted;
}

object_writer& object_writer::raw(std::string_view name, std::string_view json)
{
    if (text_.size() > 1) text_ += ',';
    append_quoted(text_, name);
    text_ += ':';
    text_.append(json);
    return *this;
}

object_writer& object_writer::string(std::string_view name, std::string_view text)
{
    raw(name, {});
    append_quoted(text_, text);
    return *this;
}

object_writer& object_writer::integer(std::string_view name, std::int64_t number)
{
    return raw(name, std::to_string(number));
}

std::string object_writer::finish()
{
    text_ += '}';
    return std::move(text_);
}

array_writer& array_writer::raw(std::string_view json)
{
    if (text_.size() > 1) text_ += ',';
    text_.append(json);
    return *this;
}

std::string array_writer::finish()
{
    text_ += ']';
    return std::move(text_);
}

}  // namespace ocpi::json
