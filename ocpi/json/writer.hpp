#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::json {

/// The text as a JSON string in quotes. Where it is not valid UTF-8 throughout, every byte beyond
/// ASCII becomes `?`.
std::string quote(std::string_view text);

/// Composes an object, one member after the other.
class object_writer {
public:
    /// `json` must be a JSON text; it is taken over as it is.
    object_writer& raw(std::string_view name, std::string_view json);
    object_writer& string(std::string_view name, std::string_view text);
    object_writer& integer(std::string_view name, std::int64_t number);

    /// The finished object; the writer is spent.
    std::string finish();

private:
    std::string text_ = "{";
};

/// Composes an array of JSON texts.
class array_writer {
public:
    array_writer& raw(std::string_view json);
    std::string finish();

private:
    std::string text_ = "[";
};

}  // namespace ocpi::json
