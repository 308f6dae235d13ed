#include "bench/load/request_template.hpp"

#include <algorithm>
#include <cstring>

namespace ocpi::bench {
namespace {

void write_digits(char* at, int count, std::uint32_t number)
{
    for (int i = count - 1; i >= 0; --i, number /= 10) at[i] = static_cast<char>('0' + number % 10);
}

}  // namespace

const std::array<request_template::place_name, 5> request_template::place_names{{
    {"<number>", place::number, 8},
    {"<partner>", place::partner, 2},
    {"<sequence>", place::sequence, 8},
    {"<now>", place::now, 24},
    {"<view_id>", place::view_id, 36},
}};

request_template::request_template(std::string_view method, std::string_view target,
                                   std::string_view authorization, std::string_view body)
{
    append(body);
    const auto content_length = text_.size();
    slots_.clear();

    text_ = std::string(method) + ' ';
    append(target);
    text_ += " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    if (!authorization.empty()) text_ += "Authorization: " + std::string(authorization) + "\r\n";
    if (!body.empty()) {
        text_ +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(content_length) +
            "\r\n";
    }
    text_ += "\r\n";
    append(body);
}

void request_template::append(std::string_view text)
{
    while (!text.empty()) {
        const auto* known =
            std::find_if(place_names.begin(), place_names.end(),
                         [&](const place_name& each) { return text.starts_with(each.name); });
        if (known == place_names.end()) {
            text_ += text.front();
            text.remove_prefix(1);
            continue;
        }
        slots_.push_back({text_.size(), known->what});
        text_.append(known->width, '0');
        text.remove_prefix(known->name.size());
    }
}

std::string_view request_template::fill(const request_values& values)
{
    for (const auto& slot : slots_) {
        char* at = text_.data() + slot.offset;
        switch (slot.what) {
            case place::number: write_digits(at, 8, values.number); break;
            case place::partner: write_digits(at, 2, values.partner); break;
            case place::sequence: write_digits(at, 8, values.sequence); break;
            case place::now: std::memcpy(at, values.now.data(), 24); break;
            case place::view_id: std::memcpy(at, values.view_id.data(), 36); break;
        }
    }
    return text_;
}

}  // namespace ocpi::bench
