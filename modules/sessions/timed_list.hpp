#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::sessions {

/// Lists of a Session that grow with time: a PATCH appends to them, and they are stored in order of
/// timestamps.
enum class timed_list { charging_periods, meter_value };

/// The list of that member name; std::nullopt for other members.
std::optional<timed_list> as_timed_list(std::string_view member_name) noexcept;

/// Sorts the array by timestamp; equal timestamps keep their order, and an element without a
/// readable timestamp stays behind the one before it.
std::string in_time_order(timed_list list, json::value array);

struct appended_list {
    std::string json;
    bool changed = false;
};

/// Merges both arrays in order of timestamps, without elements of `added` that `stored` (or an
/// earlier part of `added`) already holds. Two charging periods are equal if they have the same
/// start, the same dimensions in any order, the same tariff and the same unknown fields; two meter
/// values if they have the same text.
appended_list append(timed_list list, std::optional<json::value> stored, json::value added);

/// True if every timestamp of `stored` also occurs in `candidate`.
bool keeps_timestamps(timed_list list, json::value stored, std::optional<json::value> candidate);

}  // namespace ocpi::sessions
