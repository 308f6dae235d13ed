#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::sessions {

/// The lists of a Session that grow with time: a PATCH appends to them, and they are kept in the
/// order of their timestamps.
enum class timed_list { charging_periods, meter_value };

/// The list of that member name, if it is one.
std::optional<timed_list> as_timed_list(std::string_view member_name) noexcept;

/// The array with its elements in the order of their timestamps; equal timestamps keep their
/// order, and an element without a readable timestamp stays behind the one before it.
std::string in_time_order(timed_list list, json::value array);

struct appended_list {
    std::string json;
    bool changed = false;
};

/// Both arrays as one, in the order of their timestamps, without those elements of `added` that
/// `stored` (or `added` itself, further ahead) holds already. Two charging periods are the same
/// when they have the same start, the same dimensions in any order, the same tariff and the same
/// unknown fields; two meter values when they are the same text.
appended_list append(timed_list list, std::optional<json::value> stored, json::value added);

/// True when every timestamp of `stored` occurs in `candidate` too.
bool keeps_timestamps(timed_list list, json::value stored, std::optional<json::value> candidate);

}  // namespace ocpi::sessions
