#include "modules/versions/versions_module.hpp"

#include "ocpi/json/writer.hpp"

#include <utility>

namespace ocpi::versions {
namespace {

constexpr const char* version = "2.3.0";

std::string write_versions(const std::string& public_url)
{
    json::object_writer entry;
    entry.string("version", version).string("url", public_url + "/ocpi/" + version);
    json::array_writer list;
    list.raw(entry.finish());
    return list.finish();
}

std::string write_details(const std::vector<endpoint>& endpoints, const std::string& public_url)
{
    json::array_writer list;
    for (const auto& offered : endpoints) {
        json::object_writer entry;
        entry.string("identifier", offered.identifier)
            .string("role", offered.role)
            .string("url", public_url + offered.path);
        list.raw(entry.finish());
    }
    json::object_writer details;
    details.string("version", version).raw("endpoints", list.finish());
    return details.finish();
}

boost::asio::awaitable<http::answer> answer_data(std::string data)
{
    http::answer answered;
    answered.data = std::move(data);
    co_return answered;
}

}  // namespace

void add_versions_module(http::router& router, std::vector<endpoint> endpoints,
                         std::function<std::string()> public_url)
{
    using http::interface_kind;
    router.add(
        interface_kind::configuration, "GET", "/ocpi/versions",
        [public_url](const http::call&) { return answer_data(write_versions(public_url())); });
    router.add(interface_kind::configuration, "GET", std::string("/ocpi/") + version,
               [endpoints = std::move(endpoints), public_url](const http::call&) {
                   return answer_data(write_details(endpoints, public_url()));
               });
}

}  // namespace ocpi::versions
