#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::json {

/// The text as a quoted JSON string. If it is not valid UTF-8, every non-ASCII byte becomes `?`.
std::string quote(std::string_view text);

/// Writes an object member by member.
class object_writer {
public:
    /// `json` must be a JSON text; it is copied unchanged.
    object_writer& raw(std::string_view name, std::string_view json);
    object_writer& string(std::string_view name, std::string_view text);
    object_writer& integer(std::string_view name, std::int64_t number);

    /// The finished object; the writer must not be used again.
    std::string finish();

private:
    std::string text_ = "{";
};

/// Writes an array of JSON texts.
class array_writer {
public:
    array_writer& raw(std::string_view json);
    std::string finish();

private:
    std::string text_ = "[";
};

}  // namespace ocpi::json
