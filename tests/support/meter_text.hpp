#pragma once

#include <initializer_list>
#include <string>
#include <utility>

namespace ocpi::test {

/// `10:15` or `10:15:30`, on the day of session_text(), as a JSON text.
inline std::string at(const std::string& time_of_day)
{
    const auto seconds = time_of_day.size() == 5 ? ":00" : "";
    return "\"2024-01-01T" + time_of_day + seconds + "Z\"";
}

inline std::string list_of(std::initializer_list<std::string> elements)
{
    std::string text = "[";
    for (const auto& element : elements) {
        if (text.size() > 1) text += ',';
        text += element;
    }
    return text + ']';
}

/// A MeterValue with the members of one SampledValue.
inline std::string sampled(const std::string& time_of_day, const std::string& members)
{
    return R"({"timestamp":)" + at(time_of_day) + R"(,"sampled_value":[{)" + members + "}]}";
}

/// A MeterValue with a register in kWh.
inline std::string kwh_register(const std::string& time_of_day, const std::string& kwh)
{
    return sampled(time_of_day, R"("value":")" + kwh + R"(","unit":"kWh")");
}

/// A meter_value of registers in kWh.
inline std::string registers(
    std::initializer_list<std::pair<std::string, std::string>> times_and_kwh)
{
    std::string text = "[";
    for (const auto& [time_of_day, kwh] : times_and_kwh) {
        if (text.size() > 1) text += ',';
        text += kwh_register(time_of_day, kwh);
    }
    return text + ']';
}

/// A charging period with one dimension.
inline std::string period(const std::string& time_of_day, const std::string& volume,
                          const std::string& type = "ENERGY")
{
    return R"({"start_date_time":)" + at(time_of_day) + R"(,"dimensions":[{"type":")" + type +
           R"(","volume":)" + volume + "}]}";
}

}  // namespace ocpi::test
