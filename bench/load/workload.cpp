#include "bench/load/workload.hpp"

#include "bench/load/session_bodies.hpp"
#include "modules/sessions/view_id.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <utility>

namespace ocpi::bench {
namespace {

std::string numbered(const std::string& prefix, std::uint32_t number)
{
    const auto digits = std::to_string(number);
    return prefix + std::string(8 - std::min<std::size_t>(8, digits.size()), '0') + digits;
}

/// A step that visits all of `count` sessions before one comes again, in an order without
/// neighbours.
std::uint32_t stride_for(std::uint32_t count)
{
    for (const std::uint32_t prime : {7919U, 104'729U}) {
        if (count % prime != 0) return prime;
    }
    return 1;
}

/// As far from the other clients' as it can be.
std::uint32_t first_place(const workload_options& options)
{
    const std::uint64_t steps = std::uint64_t{options.count} * options.client / options.clients;
    return static_cast<std::uint32_t>(steps * stride_for(options.count) % options.count);
}

}  // namespace

const std::vector<std::string_view>& workload::names()
{
    static const std::vector<std::string_view> all{
        "fill",   "settle", "put_new", "put_existing", "patch_append", "get_one",
        "status", "view",   "list50",  "page100",      "crud_mix",     "status_mix"};
    return all;
}

workload::workload(workload_options options) : options_(std::move(options))
{
    if (options_.count == 0) throw std::invalid_argument("a workload needs sessions");
    if (options_.client >= options_.clients) throw std::invalid_argument("no such client");
    place_ = first_place(options_);
    if (!options_.token.empty()) authorization_ = "Token " + options_.token;
    const std::string_view name = options_.name;
    if (name == "fill" || name == "settle") size_ = options_.count;
    if (name == "crud_mix") {
        add("get_one", 75);
        add("patch_append", 15);
        add("put_existing", 5);
        add("list50", 5);
    } else if (name == "status_mix") {
        add("get_one", 45);
        add("patch_append", 20);
        add("status", 25);
        add("put_existing", 5);
        add("list50", 5);
    } else {
        add(name, 1);
    }
    mix();
    const bool has_view_ids = std::any_of(kinds_.begin(), kinds_.end(),
                                          [](const kind& each) { return each.has_view_id; });
    if (!has_view_ids) return;
    for (std::uint32_t i = 0; i < options_.count; ++i) {
        view_ids_.push_back(
            sessions::view_id(crud::object_key("BE", "BEC", numbered(options_.prefix, i))));
    }
}

std::string workload::object_path(const std::string& prefix) const
{
    return "/ocpi/" + options_.interface + "/2.3.0/sessions/" + session_owner + "/" + prefix +
           "<number>";
}

std::string workload::addressed(std::string body) const
{
    const std::string emsp = R"("country_code":"ES","party_id":")";
    if (options_.partners > 0) body.replace(body.find(emsp) + emsp.size(), 3, "P<partner>");
    return body;
}

workload::kind workload::make(std::string_view name) const
{
    const auto list = "/ocpi/" + options_.interface +
                      "/2.3.0/sessions?date_from=" + options_.date_from + "&limit=";
    const auto& prefix = options_.prefix;
    const auto request = [this](std::string_view method, const std::string& target,
                                const std::string& body = {}) {
        return kind{request_template(method, target, authorization_, body)};
    };
    if (name == "fill") {
        return request("PUT", object_path(prefix),
                       addressed(active_session(prefix, options_.periods)));
    }
    if (name == "settle") {
        return request("PUT", object_path(prefix),
                       addressed(settled_session(prefix, options_.periods)));
    }
    if (name == "put_new") {
        auto made = request("PUT", object_path("NEW"), addressed(active_session("NEW", 1)));
        made.is_new = true;
        return made;
    }
    if (name == "put_existing") {
        return request("PUT", object_path(prefix),
                       addressed(active_session(prefix, options_.periods)));
    }
    if (name == "patch_append") return request("PATCH", object_path(prefix), appended_period());
    if (name == "get_one") return request("GET", object_path(prefix));
    if (name == "status" || name == "view") {
        auto made = request(
            "GET", name == "view" ? "/v1/sessions/<view_id>" : "/v1/sessions/<view_id>/status");
        made.has_view_id = true;
        return made;
    }
    if (name == "list50") return request("GET", list + "50");
    if (name == "page100") {
        return request("GET", list + "100&offset=" + std::to_string(options_.offset));
    }
    throw std::invalid_argument("unknown workload " + std::string(name));
}

void workload::add(std::string_view name, int weight)
{
    kinds_.push_back(make(name));
    order_.insert(order_.end(), static_cast<std::size_t>(weight), kinds_.size() - 1);
}

void workload::mix()
{
    std::mt19937 random(20260601);
    // Not std::shuffle, whose order a standard library chooses.
    for (auto i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random() % i]);
}

std::string_view workload::next(std::string_view now)
{
    auto& current = kinds_[order_[sequence_ % order_.size()]];
    request_values values;
    values.sequence = sequence_;
    values.now = now;
    if (current.is_new) {
        values.number = options_.first + sequence_;
    } else {
        values.number = place_;
        place_ = (place_ + stride_for(options_.count)) % options_.count;
    }
    if (options_.partners > 0) values.partner = values.number % options_.partners;
    if (current.has_view_id) values.view_id = view_ids_[values.number];
    ++sequence_;
    return current.text.fill(values);
}

}  // namespace ocpi::bench
